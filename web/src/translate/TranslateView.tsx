import type { Route } from "../app/routes";
import { TRANSLATE_TABS } from "../app/routes";
import { useText } from "../i18n";
import { Tabs } from "../ui/Tabs";
import { View } from "../ui/View";
import { DocumentsTab } from "./DocumentsTab";
import { GlossariesTab } from "./GlossariesTab";
import { TextTab } from "./TextTab";

type Props = Pick<Extract<Route, { view: "translate" }>, "tab" | "item">;

export default function TranslateView({ tab, item }: Props) {
  const text = useText();
  return (
    <View
      title={text.translate.title}
      tabs={
        <Tabs
          label={text.translate.tabsLabel}
          current={tab}
          tabs={TRANSLATE_TABS}
          names={text.translate.tabs}
          route={(to) => ({ view: "translate", tab: to, item: null })}
        />
      }
    >
      {tab === "text" && <TextTab />}
      {tab === "documents" && <DocumentsTab chosen={item} />}
      {tab === "glossaries" && <GlossariesTab key={item} chosen={item} />}
    </View>
  );
}
