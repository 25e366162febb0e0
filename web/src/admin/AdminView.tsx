import { ADMIN_TABS, type Route } from "../app/routes";
import { DocuBotError } from "../client";
import { useText } from "../i18n";
import { Note, Trouble } from "../ui/Note";
import { Tabs } from "../ui/Tabs";
import { View } from "../ui/View";
import { AuditTab } from "./AuditTab";
import { EvaluationsTab } from "./EvaluationsTab";
import { HealthTab } from "./HealthTab";
import { JobsTab } from "./JobsTab";
import { KeysTab } from "./KeysTab";
import { useSettings } from "./queries";
import { SettingsTab } from "./SettingsTab";
import { UsageTab } from "./UsageTab";
import { UsersTab } from "./UsersTab";

type Props = Pick<Extract<Route, { view: "admin" }>, "tab" | "item">;

const TABS = {
  usage: UsageTab,
  keys: KeysTab,
  users: UsersTab,
  jobs: JobsTab,
  health: HealthTab,
  settings: SettingsTab,
  audit: AuditTab,
};

export default function AdminView({ tab, item }: Props) {
  const text = useText();
  const { error } = useSettings();
  const Tab = tab === "evaluations" ? null : TABS[tab];
  return (
    <View
      title={text.admin.title}
      tabs={
        <Tabs
          label={text.admin.tabsLabel}
          current={tab}
          tabs={ADMIN_TABS}
          names={text.admin.tabs}
          route={(to) => ({ view: "admin", tab: to, item: null })}
        />
      }
    >
      {error ? <Refused error={error} /> : Tab ? <Tab /> : <EvaluationsTab chosen={item} />}
    </View>
  );
}

function Refused({ error }: { error: Error }) {
  const text = useText();
  const known = error instanceof DocuBotError ? error : new DocuBotError("unknown", error.message);
  if (known.status === 403) return <Note tone="info">{text.admin.refused}</Note>;
  return <Trouble code={known.code} message={known.message} requestId={known.requestId} />;
}
