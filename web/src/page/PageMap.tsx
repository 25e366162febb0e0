import { ScanText, Table2, TriangleAlert } from "lucide-react";
import type { CSSProperties } from "react";
import type { ParseReport } from "../client";
import { useFormat, useText } from "../i18n";
import s from "./PageMap.module.css";

interface Props {
  report: ParseReport;
  onGo(page: number): void;
}

type PageReport = ParseReport["pages"][number];

/** The document as a picture: a tile a page, as full as its text is long, marked where something is special. */
export function PageMap({ report, onGo }: Props) {
  const text = useText();
  const warned = new Set(report.warnings.map(({ page }) => page));
  const longest = Math.max(1, ...report.pages.map(({ characters }) => characters));
  return (
    <section>
      <h2>{text.report.map}</h2>
      <p className={s.hint}>{text.report.mapHint}</p>
      <ul className={s.legend}>
        {(["text", "ocr", "empty", "warned", "table"] as const).map((kind) => (
          <li key={kind}>
            <span className={s.swatch} data-kind={kind} aria-hidden>
              {kind === "warned" && <TriangleAlert size={11} />}
              {kind === "table" && <Table2 size={11} />}
              {kind === "ocr" && <ScanText size={11} />}
            </span>
            {text.report.legend[kind]}
          </li>
        ))}
      </ul>
      <ol className={s.map}>
        {report.pages.map((page) => (
          <li key={page.number}>
            <Tile page={page} full={page.characters / longest} warned={warned.has(page.number)} onGo={onGo} />
          </li>
        ))}
      </ol>
    </section>
  );
}

interface TileProps {
  page: PageReport;
  full: number;
  warned: boolean;
  onGo(page: number): void;
}

function Tile({ page, full, warned, onGo }: TileProps) {
  const text = useText();
  const format = useFormat();
  const { number, characters, language, ocr_confidence, has_text_layer, tables } = page;
  const ocr = ocr_confidence != null;
  const kind = ocr ? "ocr" : has_text_layer && characters ? "text" : "empty";
  const told = [
    text.document.stripPage(number, characters),
    language && format.language(language),
    ocr && text.report.ocrSure(format.share(ocr_confidence)),
    kind === "empty" && text.report.legend.empty,
    tables > 0 && text.report.tables(tables),
    warned && text.report.legend.warned,
  ].filter(Boolean);
  return (
    <button
      type="button"
      className={s.tile}
      data-kind={kind}
      style={{ "--full": `${kind === "empty" ? 0 : Math.max(6, full * 100)}%` } as CSSProperties}
      title={told.join(" · ")}
      aria-label={told.join(", ")}
      onClick={() => onGo(number)}
    >
      <span className={s.marks} aria-hidden>
        {warned && <TriangleAlert size={12} data-warned />}
        {ocr && <ScanText size={12} />}
        {tables > 0 && <Table2 size={12} />}
      </span>
      <span className={s.number} aria-hidden>
        {number}
      </span>
    </button>
  );
}
