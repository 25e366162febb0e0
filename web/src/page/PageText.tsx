import { useEffect, useRef } from "react";
import { usePage } from "../app/queries";
import { unitsOf } from "../ask/codepoints";
import { DocuBotError } from "../client";
import { useText } from "../i18n";
import { Trouble } from "../ui/Note";
import s from "./PageText.module.css";

interface Props {
  documentId: string;
  version: number | undefined;
  number: number;
  /** What to light, in code points of the text. */
  mark?: { start: number; end: number } | undefined;
}

/** The stored text of a page, just as citations count in it. */
export function PageText({ documentId, version, number, mark }: Props) {
  const text = useText();
  const { data, error } = usePage(documentId, number, version);
  const lit = useRef<HTMLElement>(null);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another quote on the same page is scrolled to as well
  useEffect(() => {
    if (data) lit.current?.scrollIntoView({ block: "center", behavior: "smooth" });
  }, [data, mark?.start, mark?.end]);

  if (error) {
    const known = error instanceof DocuBotError ? error : new DocuBotError("unknown", error.message);
    return <Trouble code={known.code} message={known.message} />;
  }
  if (!data) return <p className={s.text}>{text.app.loading}</p>;
  if (!data.text.trim()) return <p className={s.text}>{text.page.noText}</p>;
  const units = unitsOf(data.text);
  const start = mark ? units(mark.start) : 0;
  const end = mark ? units(mark.end) : 0;
  return (
    <div className={s.text} dir="auto" lang={data.language ?? undefined}>
      {data.text.slice(0, start)}
      {end > start && (
        <mark ref={lit} data-lit>
          {data.text.slice(start, end)}
        </mark>
      )}
      {data.text.slice(end)}
    </div>
  );
}
