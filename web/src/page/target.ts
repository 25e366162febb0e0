/** A place in a document that the page can show: where a quote stands, or a passage. */
import type { Citation, Passage } from "../client";

export interface Target {
  key: string;
  /** Of the citation; null for a passage that nothing cites. */
  number: number | null;
  documentId: string;
  version: number;
  filename: string;
  section: string | null;
  quote: string;
  verified: Citation["verified"] | null;
  /** Null in formats without pages: only the text can be shown. */
  page: number | null;
  pageLabel: string | null;
  /** What stands for a page in a format without pages: a sheet, a section. */
  locator: string | null;
  /** Which unit of the document's text the quote stands in, and where in it (code points). */
  text: { number: number; start: number; end: number };
  boxes: Citation["boxes"];
}

export function citationTarget(citation: Citation, passages: readonly Passage[]): Target {
  const { number, page, quote_start: start, quote_end: end } = citation;
  const passage = passages.find(({ chunk_id }) => chunk_id === citation.chunk_id);
  return {
    key: `c${number}`,
    number,
    documentId: citation.document_id,
    version: citation.version,
    filename: citation.filename,
    section: citation.section,
    quote: citation.quote,
    verified: citation.verified,
    page,
    pageLabel: citation.page_label,
    locator: citation.locator?.value ?? null,
    text: { number: page ?? passage?.spans[0]?.page ?? 1, start, end },
    boxes: citation.boxes,
  };
}

export function passageTarget(passage: Passage): Target {
  const span = passage.spans[0] ?? { page: 1, start: 0, end: 0 };
  return {
    key: `p${passage.chunk_id}`,
    number: null,
    documentId: passage.document_id,
    version: passage.version,
    filename: passage.filename,
    section: passage.section,
    quote: passage.text,
    verified: null,
    page: passage.page,
    pageLabel: passage.page_label,
    locator: passage.locator?.value ?? null,
    text: { number: span.page, start: span.start, end: span.end },
    boxes: [],
  };
}
