import { useMemo, useState } from "react";
import { useDocuments } from "../app/queries";
import { href } from "../app/routes";
import { useWorkspace } from "../app/workspace";
import { useText } from "../i18n";
import { cx } from "../ui/cx";
import { Field } from "../ui/Field";
import s from "./DocumentsTab.module.css";
import TranslationsPanel from "./TranslationsPanel";

/** More are found by writing. */
const SHOWN = 100;

/** Documents of the collection beside what was translated of the chosen one. */
export function DocumentsTab({ chosen }: { chosen: string | null }) {
  const text = useText();
  const { collection } = useWorkspace();
  const { data, isPending } = useDocuments(collection);
  const [query, setQuery] = useState("");
  const documents = useMemo(
    () => data?.pages.flatMap(({ items }) => items).filter(({ page_count }) => page_count > 0) ?? [],
    [data],
  );
  const wanted = query.trim().toLowerCase();
  const found = documents.filter(({ filename, title }) =>
    `${filename} ${title ?? ""}`.toLowerCase().includes(wanted),
  );

  if (!isPending && !documents.length) return <p className={s.none}>{text.translate.noDocuments}</p>;
  return (
    <div className={s.split}>
      <div className={s.choose}>
        <Field
          label={text.translate.findDocument}
          type="search"
          value={query}
          onChange={(event) => setQuery(event.target.value)}
        />
        <ul className={s.list} aria-label={text.translate.chooseDocument}>
          {found.slice(0, SHOWN).map(({ id, filename, title }) => (
            <li key={id}>
              <a
                href={href({ view: "translate", tab: "documents", item: id })}
                className={cx(id === chosen && s.chosen)}
                aria-current={id === chosen ? "true" : undefined}
                title={filename}
              >
                <span dir="auto">{title ?? filename}</span>
                {title && title !== filename && <small dir="auto">{filename}</small>}
              </a>
            </li>
          ))}
        </ul>
      </div>
      <div className={s.panel}>
        {chosen ? (
          <TranslationsPanel key={chosen} documentId={chosen} />
        ) : (
          <p className={s.none}>{text.translate.noneChosen}</p>
        )}
      </div>
    </div>
  );
}
