import { ChevronsUpDown, FolderPlus, Library, Trash2 } from "lucide-react";
import { useState } from "react";
import { useCollections } from "../app/queries";
import { NEW_QUESTION, navigate, useRoute } from "../app/routes";
import { DEFAULT_COLLECTION, useWorkspace } from "../app/workspace";
import { useText } from "../i18n";
import { Menu, type MenuItem } from "../ui/Menu";
import { NewCollection, RemoveCollection } from "./CollectionDialogs";
import s from "./CollectionSwitcher.module.css";

/** Says which collection is searched, and leads to the others. */
export function CollectionSwitcher() {
  const text = useText();
  const { collection, choose } = useWorkspace();
  const { data = [] } = useCollections();
  const route = useRoute();
  const [dialog, setDialog] = useState<"new" | "remove" | null>(null);
  const current = data.find(({ name }) => name === collection);
  const names = new Set([DEFAULT_COLLECTION, collection, ...data.map(({ name }) => name)]);

  const change = (name: string) => {
    choose(name);
    if (route.view === "document") navigate({ view: "documents" });
    if (route.view === "ask" && route.conversation) navigate(NEW_QUESTION);
  };
  const items: MenuItem[] = [...names].map((name) => ({
    label: name,
    checked: name === collection,
    act: () => change(name),
  }));
  items.push({ label: `${text.collections.make}…`, icon: FolderPlus, act: () => setDialog("new") });
  if (current) {
    const label = text.collections.remove(collection);
    items.push({ label, icon: Trash2, danger: true, act: () => setDialog("remove") });
  }

  return (
    <>
      <div className={s.switcher}>
        <Menu
          label={text.collections.choose}
          items={items}
          trigger={(props) => (
            <button type="button" className={s.trigger} {...props}>
              <Library size={16} aria-hidden />
              <span className={s.names}>
                <span className="visually-hidden">{text.collections.label}: </span>
                <span dir="auto">{collection}</span>
                <small>{text.collections.documents(current?.documents ?? 0)}</small>
              </span>
              <ChevronsUpDown size={14} aria-hidden />
            </button>
          )}
        />
      </div>
      {dialog === "new" && <NewCollection onClose={() => setDialog(null)} onMade={change} />}
      {dialog === "remove" && current && (
        <RemoveCollection
          collection={current}
          onClose={() => setDialog(null)}
          onGone={() => change(DEFAULT_COLLECTION)}
        />
      )}
    </>
  );
}
