import type { CSSProperties } from "react";
import { href } from "../app/routes";
import type { TranslationReport } from "../client";
import { useFormat, useText } from "../i18n";
import s from "./TranslationsPanel.module.css";

const KINDS = ["translated", "from_memory", "kept", "failed"] as const;
const SWATCHES = {
  translated: "var(--accent)",
  from_memory: "color-mix(in oklab, var(--accent) 55%, var(--surface))",
  kept: "var(--line-strong)",
  failed: "var(--bad)",
};

/** What became of every segment, as one bar, and those that were not translated. */
export function Completeness({ report, documentId }: { report: TranslationReport; documentId: string }) {
  const text = useText();
  const format = useFormat();
  const there = KINDS.filter((kind) => report[kind] > 0);
  return (
    <>
      <div className={s.bar} aria-hidden>
        {there.map((kind) => (
          <span key={kind} data-kind={kind} style={{ flexGrow: report[kind] }} />
        ))}
      </div>
      <dl className={s.legend} aria-label={text.translations.completeness}>
        {there.map((kind) => (
          <div key={kind} style={{ "--swatch": SWATCHES[kind] } as CSSProperties}>
            <dt>{text.translations.counts[kind]}</dt>
            <dd>{format.number(report[kind])}</dd>
          </div>
        ))}
      </dl>
      <Segments
        title={text.translations.failures(report.failures.length)}
        segments={report.failures}
        documentId={documentId}
      />
      <Segments
        title={text.translations.unplaced(report.unplaced.length)}
        tone="warn"
        segments={report.unplaced}
        documentId={documentId}
      />
      {report.missed_terms.length > 0 && (
        <details className={s.failures} data-tone="warn">
          <summary>{text.translations.missed(report.missed_terms.length)}</summary>
          <ul>
            {report.missed_terms.map(({ index, page, term }) => (
              <li key={`${index} ${term}`}>
                <Where documentId={documentId} page={page} />
                <span dir="auto">{term}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

interface SegmentsProps {
  title: string;
  tone?: "warn";
  segments: TranslationReport["failures"];
  documentId: string;
}

/** Segments of which something is to be told, each with its page and why. */
function Segments({ title, tone, segments, documentId }: SegmentsProps) {
  const text = useText();
  if (!segments.length) return null;
  return (
    <details className={s.failures} data-tone={tone}>
      <summary>{title}</summary>
      <ul>
        {segments.map(({ index, page, text: segment, reason }) => (
          <li key={index}>
            <Where documentId={documentId} page={page} />
            <span dir="auto">{segment}</span>
            <small>{text.translations.reasons[reason] ?? reason}</small>
          </li>
        ))}
      </ul>
    </details>
  );
}

function Where({ documentId, page }: { documentId: string; page: number | null }) {
  const text = useText();
  if (page === null) return <span />;
  return <a href={href({ view: "document", id: documentId, page })}>{text.page.label(String(page))}</a>;
}
