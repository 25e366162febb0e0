import { describe, expect, it } from "vitest";
import type { Document, UploadItem } from "../client";
import { readPicked } from "./readDrop";
import { isActive, NEWEST_FIRST, type Row, rowsOf } from "./rows";

let last = 0;
function document(values: Partial<Document>): Document {
  last += 1;
  return {
    id: String(last).padStart(4, "0"),
    filename: "a.pdf",
    title: null,
    status: "ready",
    metadata: {},
    page_count: 1,
    bytes: 1,
    language: "en",
    version: 1,
    latest_version: 1,
    created_at: `2026-01-01T00:00:${String(last).padStart(2, "0")}Z`,
    ...values,
  } as Document;
}
const upload = (values: Partial<UploadItem>) =>
  ({ key: "u", filename: "new.pdf", phase: "sending", ...values }) as UploadItem;
const names = (rows: Row[]) =>
  rows.map((row) => (row.kind === "upload" ? row.item.filename : row.document.filename));
const everything = { query: "", group: "all", sorting: NEWEST_FIRST } as const;

const documents = [
  document({ filename: "Résumé 2.pdf", status: "ready", page_count: 9, metadata: { year: 2023 } }),
  document({ filename: "report 10.pdf", title: "財務報告", status: "failed", page_count: 0 }),
  document({
    filename: "report 9.pdf",
    status: "processing",
    page_count: 120,
    metadata: { folder: "old/2019" },
  }),
];

describe("rowsOf", () => {
  it("shows uploads under way first, then the newest", () => {
    const uploads = [upload({}), upload({ filename: "done.pdf", phase: "stored" })];
    expect(names(rowsOf(uploads, documents, everything))).toEqual([
      "new.pdf",
      "report 9.pdf",
      "report 10.pdf",
      "Résumé 2.pdf",
    ]);
  });

  it.each([
    ["resume", ["Résumé 2.pdf"]],
    ["REPORT 2019", ["report 9.pdf"]],
    ["財務", ["report 10.pdf"]],
    ["year 2023", ["Résumé 2.pdf"]],
    ["nowhere", []],
  ])("finds %s in names, titles and metadata", (query, found) => {
    expect(names(rowsOf([], documents, { ...everything, query }))).toEqual(found);
  });

  it("sorts numbers as numbers, in names too, and trouble first", () => {
    const sorted = (column: "name" | "pages" | "status", descending: boolean) =>
      names(rowsOf([], documents, { ...everything, sorting: { column, descending } }));
    expect(sorted("name", false)).toEqual(["report 9.pdf", "report 10.pdf", "Résumé 2.pdf"]);
    expect(sorted("pages", true)).toEqual(["report 9.pdf", "Résumé 2.pdf", "report 10.pdf"]);
    expect(sorted("status", false)).toEqual(["report 10.pdf", "report 9.pdf", "Résumé 2.pdf"]);
  });

  it("keeps to a group", () => {
    expect(names(rowsOf([], documents, { ...everything, group: "trouble" }))).toEqual(["report 10.pdf"]);
    expect(names(rowsOf([], documents, { ...everything, group: "active" }))).toEqual(["report 9.pdf"]);
  });

  it("is quick with ten thousand", () => {
    const many = Array.from({ length: 10_000 }, (_, index) => document({ filename: `file ${index}.pdf` }));
    const began = performance.now();
    expect(rowsOf([], many, { ...everything, query: "file 77" }).length).toBeGreaterThan(100);
    expect(performance.now() - began).toBeLessThan(1500);
  });
});

describe("isActive", () => {
  it("believes the job, else the document; a new version behind the live one counts", () => {
    expect(isActive(document({ status: "queued" }), undefined)).toBe(true);
    expect(isActive(document({ latest_version: 2 }), undefined)).toBe(true);
    expect(isActive(document({}), undefined)).toBe(false);
    const ended = { status: "succeeded" } as Parameters<typeof isActive>[1];
    expect(isActive(document({ status: "processing" }), ended)).toBe(false);
  });
});

describe("readPicked", () => {
  it("tells each file's folder and leaves behind what systems put there", () => {
    const file = (path: string) => {
      const name = path.split("/").at(-1) ?? "";
      return Object.assign(new File([""], name), { webkitRelativePath: path.includes("/") ? path : "" });
    };
    const paths = [
      "a.pdf",
      "top/in/b.pdf",
      "top/.DS_Store",
      "top/.git/c.md",
      "top/Thumbs.db",
      "top/~$draft.pdf",
    ];
    const found = readPicked(paths.map(file) as unknown as FileList);
    expect(found.map(({ file: { name }, folder }) => [folder, name])).toEqual([
      ["", "a.pdf"],
      ["top/in", "b.pdf"],
    ]);
  });
});
