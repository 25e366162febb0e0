import { Search } from "lucide-react";
import { useText } from "../i18n";
import { Segments } from "../ui/Segments";
import { AddButtons } from "./AddButtons";
import type { Group } from "./rows";
import s from "./Toolbar.module.css";

interface Props {
  shown: number;
  all: number;
  query: string;
  onQuery(query: string): void;
  group: Group;
  onGroup(group: Group): void;
  /** Nothing to search in yet. */
  empty: boolean;
}

export function Toolbar({ shown, all, query, onQuery, group, onGroup, empty }: Props) {
  const text = useText();
  const names: Record<Group, string> = {
    all: text.documents.statusAll,
    active: text.documents.statusActive,
    ready: text.documents.statusReady,
    trouble: text.documents.statusTrouble,
  };
  return (
    <header className={s.toolbar}>
      <div className={s.line}>
        <h1>{text.documents.title}</h1>
        {!empty && (
          <span className={s.total} aria-live="polite">
            {text.documents.total(shown, all)}
          </span>
        )}
        <div className={s.add}>
          <AddButtons />
        </div>
      </div>
      {!empty && (
        <div className={s.line}>
          <search className={s.search}>
            <Search size={16} aria-hidden />
            <input
              type="search"
              dir="auto"
              value={query}
              aria-label={text.documents.search}
              placeholder={text.documents.search}
              onChange={(event) => onQuery(event.target.value)}
            />
          </search>
          <div className={s.groups}>
            <Segments label={text.documents.status} value={group} choices={names} onChoose={onGroup} />
          </div>
        </div>
      )}
    </header>
  );
}
