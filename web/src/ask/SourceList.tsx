import type { Citation } from "../client";
import { useText } from "../i18n";
import s from "./SourceList.module.css";
import { inOrder, place } from "./sources";

interface Props {
  citations: readonly Citation[];
  open: number | null;
  onOpen(number: number): void;
}

/** All sources of an answer, a line each. */
export function SourceList({ citations, open, onOpen }: Props) {
  const text = useText();
  if (!citations.length) return null;
  return (
    <ol className={s.sources} aria-label={text.ask.sources(citations.length)}>
      {inOrder(citations).map((citation) => (
        <li key={citation.number}>
          <button
            type="button"
            className={s.source}
            aria-pressed={open === citation.number}
            onClick={() => onOpen(citation.number)}
          >
            <span className={s.number} data-verified={citation.verified}>
              {citation.number}
            </span>
            <span className={s.where} dir="auto">
              {place(citation, { page: text.ask.page })}
            </span>
            <q className={s.quote} dir="auto">
              {citation.quote}
            </q>
          </button>
        </li>
      ))}
    </ol>
  );
}
