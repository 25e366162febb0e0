/** The terms of a glossary while they are edited. */
import type { Glossary, Term } from "../client";

export interface Row {
  key: number;
  source: string;
  target: string;
  caseSensitive: boolean;
}

let last = 0;

export function emptyRow(): Row {
  last += 1;
  return { key: last, source: "", target: "", caseSensitive: false };
}

export function rowsOf(terms: Glossary["terms"]): Row[] {
  return terms.map(({ source, target, case_sensitive }) => ({
    ...emptyRow(),
    source,
    target: target ?? "",
    caseSensitive: case_sensitive,
  }));
}

/** Without empty rows; an empty translation keeps the term as it is. */
export function termsOf(rows: readonly Row[]): Term[] {
  return rows
    .map(({ source, target, caseSensitive }) => ({
      source: source.trim(),
      target: target.trim() || null,
      case_sensitive: caseSensitive,
    }))
    .filter(({ source, target }) => source || target);
}

/** A term that is there twice, as the server tells them apart; null when none is. */
export function twice(rows: readonly Row[]): string | null {
  const seen = new Set<string>();
  for (const { source } of termsOf(rows)) {
    const folded = source.normalize("NFC").toLowerCase();
    if (seen.has(folded)) return source;
    seen.add(folded);
  }
  return null;
}
