import type { Document, ParseReport } from "../client";
import { useFormat, useText } from "../i18n";
import { ranges } from "../i18n/format";
import { Note } from "../ui/Note";
import { Scroller } from "../ui/Scroller";
import { PageMap } from "./PageMap";
import s from "./Report.module.css";

interface Props {
  document: Document;
  report: ParseReport;
  onGo(page: number): void;
}

/** What was read of a document, and what could not be. */
export function Report({ document, report, onGo }: Props) {
  const text = useText();
  const format = useFormat();
  const languages = [...new Set(report.pages.flatMap(({ language }) => language ?? []))];
  const tables = report.pages.reduce((sum, page) => sum + page.tables, 0);
  const names = text.document.facts;
  const facts: [string, string][] = [
    [names.file, `${document.filename} (${format.bytes(document.bytes)})`],
    [names.type, document.media_type],
    [names.pages, format.number(report.page_count)],
    [names.characters, format.number(report.characters)],
    [names.passages, format.number(document.chunk_count)],
    [names.tables, format.number(tables)],
    [names.languages, format.list(languages.map(format.language)) || "–"],
    [names.version, String(report.version)],
    [names.parser, report.parser ?? "–"],
    [names.added, format.time(document.created_at)],
    ...Object.entries(document.metadata).map(([key, value]): [string, string] => [key, String(value)]),
    [names.sha256, document.sha256],
  ];
  return (
    <Scroller className={s.scroller} aria-label={text.document.tabs.report}>
      <div className={s.report}>
        {report.pages_without_text.length ? (
          <Note tone="warn">{text.document.withoutText(ranges(report.pages_without_text))}</Note>
        ) : (
          <Note tone="info">{text.document.allText}</Note>
        )}
        {!!report.pages_read_by_ocr?.length && (
          <Note tone="info">{text.document.byOcr(ranges(report.pages_read_by_ocr))}</Note>
        )}
        <PageMap report={report} onGo={onGo} />
        <dl className={s.facts}>
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt dir="auto">{name}</dt>
              <dd dir="auto">{value}</dd>
            </div>
          ))}
        </dl>
        <section>
          <h2>{text.document.warnings}</h2>
          {!report.warnings.length && <p className={s.none}>{text.document.noWarnings}</p>}
          <ul className={s.warnings}>
            {report.warnings.map(({ code, message, page }) => (
              <li key={`${code} ${page} ${message}`}>
                {page != null && (
                  <button type="button" onClick={() => onGo(page)}>
                    {text.page.label(String(page))}
                  </button>
                )}
                <span dir="auto">{message}</span>
              </li>
            ))}
          </ul>
        </section>
      </div>
    </Scroller>
  );
}
