import type { ReactNode } from "react";
import { DocuBotError } from "../client";
import { useText } from "../i18n";
import { Trouble } from "../ui/Note";
import t from "../ui/Table.module.css";
import { TableFrame } from "../ui/TableFrame";
import { More } from "./More";
import type { Pages } from "./queries";
import s from "./Tabs.module.css";

interface Props<T> {
  /** What it lists. */
  label: string;
  /** What stands above the list: what to do, what to see of it. */
  tools: ReactNode;
  query: Pages<T>;
  columns: Record<string, string>;
  /** Whether each row ends in a column of its own for what can be done with it. */
  acts?: boolean;
  /** Said in place of an empty list. */
  none: string;
  row(item: T): ReactNode;
  /** Dialogs. */
  children?: ReactNode;
}

/** A tab that is a list: tools, a table, and more of it on request. */
export function ListTab<T>({ label, tools, query, columns, acts = false, none, row, children }: Props<T>) {
  const text = useText();
  const { items, error } = query;
  return (
    <div className={s.tab}>
      <div className={s.tools}>{tools}</div>
      {error instanceof DocuBotError && !items && <Trouble code={error.code} message={error.message} />}
      {items && !items.length && <p className={s.intro}>{none}</p>}
      {items && items.length > 0 && (
        <TableFrame label={label}>
          <table className={t.table}>
            <thead>
              <tr>
                {Object.values(columns).map((name) => (
                  <th key={name} scope="col">
                    {name}
                  </th>
                ))}
                {acts && (
                  <th scope="col">
                    <span className="visually-hidden">{text.app.actions}</span>
                  </th>
                )}
              </tr>
            </thead>
            <tbody>{items.map(row)}</tbody>
          </table>
        </TableFrame>
      )}
      <More query={query} />
      {children}
    </div>
  );
}
