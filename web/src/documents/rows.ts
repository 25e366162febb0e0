/** Which rows the list of documents shows, and in which order. */
import type { Document, DocumentStatus, JobState, UploadItem } from "../client";

export type Column = "name" | "status" | "pages" | "size" | "language" | "added";
export interface Sorting {
  column: Column;
  descending: boolean;
}
export const NEWEST_FIRST: Sorting = { column: "added", descending: true };

export type Group = "all" | "active" | "ready" | "trouble";

export type Row =
  | { kind: "upload"; key: string; item: UploadItem }
  | { kind: "document"; key: string; document: Document };

const GROUP_OF: Record<DocumentStatus, Exclude<Group, "all">> = {
  queued: "active",
  processing: "active",
  searchable: "active",
  deleting: "active",
  ready: "ready",
  ready_with_warnings: "trouble",
  failed: "trouble",
  cancelled: "trouble",
};

/** Whether a job works on it: a first version, or a new one behind the one that answers. */
export function isActive(document: Document, job: JobState | undefined): boolean {
  if (job) return job.status === "queued" || job.status === "running";
  return GROUP_OF[document.status] === "active" || document.latest_version !== document.version;
}

/** Uploads under way first, then the documents that match. Every word of `query` has to be found. */
export function rowsOf(
  uploads: readonly UploadItem[],
  documents: readonly Document[],
  { query, group, sorting }: { query: string; group: Group; sorting: Sorting },
): Row[] {
  const words = folded(query).split(/\s+/).filter(Boolean);
  const matching = documents.filter(
    (document) => (group === "all" || GROUP_OF[document.status] === group) && matches(document, words),
  );
  const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
  const sign = sorting.descending ? -1 : 1;
  const value = VALUES[sorting.column];
  matching.sort((a, b) => sign * compare(value(a), value(b), collator) || (a.id < b.id ? 1 : -1));
  return [
    ...uploads
      .filter(
        ({ phase, filename }) => phase !== "stored" && words.every((word) => folded(filename).includes(word)),
      )
      .map((item): Row => ({ kind: "upload", key: item.key, item })),
    ...matching.map((document): Row => ({ kind: "document", key: document.id, document })),
  ];
}

const VALUES: Record<Column, (document: Document) => string | number> = {
  name: ({ filename }) => filename,
  status: ({ status }) => STATUS_ORDER.indexOf(status),
  pages: ({ page_count }) => page_count,
  size: ({ bytes }) => bytes,
  language: ({ language }) => language ?? "",
  added: ({ created_at }) => created_at,
};

/** What needs attention first. */
const STATUS_ORDER: readonly DocumentStatus[] = [
  "failed",
  "cancelled",
  "ready_with_warnings",
  "processing",
  "searchable",
  "queued",
  "deleting",
  "ready",
];

function compare(a: string | number, b: string | number, collator: Intl.Collator): number {
  return typeof a === "number" && typeof b === "number" ? a - b : collator.compare(String(a), String(b));
}

const searched = new WeakMap<Document, string>();

function matches(document: Document, words: readonly string[]): boolean {
  if (!words.length) return true;
  let text = searched.get(document);
  if (text === undefined) {
    const values = Object.entries(document.metadata).flat().map(String);
    text = folded([document.filename, document.title ?? "", ...values].join("\n"));
    searched.set(document, text);
  }
  return words.every((word) => text.includes(word));
}

/** Without case and accents, so that "resume" finds "Résumé". */
function folded(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{Diacritic}/gu, "")
    .toLowerCase();
}
