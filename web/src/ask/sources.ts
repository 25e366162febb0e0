/** An answer as Markdown with its sources, for pasting elsewhere. */
import type { Citation } from "../client";

export interface Words {
  heading: string;
  page(label: string): string;
}

export function asMarkdown(
  question: string,
  text: string,
  citations: readonly Citation[],
  words: Words,
): string {
  const parts = [`**${question.trim()}**`, text.trim()];
  if (citations.length) {
    const sources = inOrder(citations).map(
      (citation) => `${source(citation, words)}\n   > ${quoted(citation.quote)}`,
    );
    parts.push(`${words.heading}\n\n${sources.join("\n")}`);
  }
  return `${parts.join("\n\n")}\n`;
}

/** By number, each once. */
export function inOrder(citations: readonly Citation[]): Citation[] {
  return [...new Map(citations.map((citation) => [citation.number, citation])).values()].sort(
    (a, b) => a.number - b.number,
  );
}

/** "report.pdf, p. 48": the printed number where the page has one, and what stands in its place without pages. */
export function place(citation: Citation, words: Pick<Words, "page">): string {
  const { filename, page, page_label, locator } = citation;
  const where = page === null ? locator?.value : words.page(page_label ?? String(page));
  return where ? `${filename}, ${where}` : filename;
}

function source(citation: Citation, words: Words): string {
  const section = citation.section ? ` (${citation.section})` : "";
  return `${citation.number}. ${place(citation, words)}${section}`;
}

function quoted(quote: string): string {
  return quote.replace(/\s+/g, " ").trim();
}
