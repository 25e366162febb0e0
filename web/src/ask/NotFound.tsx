import { FileSearch } from "lucide-react";
import { useWorkspace } from "../app/workspace";
import type { Answer } from "../client";
import { useText } from "../i18n";
import s from "./NotFound.module.css";

interface Props {
  answer: Answer;
  open: string | null;
  onOpen(key: string | null): void;
}

type Try = "words" | "collection" | "scope" | "add" | "wait";
const TRIES: Record<NonNullable<Answer["reason"]>, readonly Try[]> = {
  no_match: ["words", "collection", "add"],
  low_score: ["words", "add"],
  filtered_out: ["scope", "words"],
  empty_collection: ["add", "wait", "collection"],
};
const CLOSEST = 3;

/** Says why there is no answer, what was closest, and what may help. */
export function NotFound({ answer, open, onOpen }: Props) {
  const text = useText();
  const { scope } = useWorkspace();
  const { passages } = answer;
  const reason = answer.reason ?? "no_match";
  // The search did find passages: they just do not say it.
  const why =
    passages.length && reason === "no_match" ? text.notFound.unknown : text.notFound.reasons[reason];
  const tries =
    scope.length && !TRIES[reason].includes("scope") ? ["scope" as const, ...TRIES[reason]] : TRIES[reason];
  return (
    <div className={s.card}>
      <FileSearch size={22} strokeWidth={1.6} aria-hidden />
      <div className={s.body}>
        <h3>{text.notFound.title}</h3>
        <p>{why}</p>
        <div>
          <h4>{text.notFound.tryTitle}</h4>
          <ul className={s.tries}>
            {tries.map((name) => (
              <li key={name}>{text.notFound.tries[name]}</li>
            ))}
          </ul>
        </div>
        {passages.length > 0 && (
          <div>
            <h4>{text.notFound.closest}</h4>
            <ul className={s.passages}>
              {passages.slice(0, CLOSEST).map((passage) => {
                const key = `p${passage.chunk_id}`;
                const label = passage.page_label ?? passage.page;
                return (
                  <li key={key}>
                    <button type="button" aria-pressed={key === open} onClick={() => onOpen(key)}>
                      <strong dir="auto">
                        {passage.filename}
                        {label !== null && `, ${text.ask.page(String(label))}`}
                      </strong>
                      <span dir="auto">{passage.text}</span>
                    </button>
                  </li>
                );
              })}
            </ul>
          </div>
        )}
      </div>
    </div>
  );
}
