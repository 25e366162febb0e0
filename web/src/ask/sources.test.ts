import { describe, expect, it } from "vitest";
import type { Citation } from "../client";
import { citationTarget } from "../page/target";
import { asMarkdown, inOrder, place } from "./sources";

const citation = (values: Partial<Citation>): Citation => ({
  number: 1,
  document_id: "d1",
  version: 1,
  filename: "report.pdf",
  page: 48,
  page_label: "46",
  locator: null,
  section: "Item 7",
  quote: "net revenues\nof $26.5 billion",
  quote_start: 4,
  quote_end: 33,
  boxes: [[1, 2, 3, 4]],
  answer_start: 0,
  answer_end: 9,
  verified: "exact",
  score: 0.8,
  chunk_id: "k1",
  ...values,
});
const words = { heading: "Sources", page: (page: string) => `page ${page}` };

describe("asMarkdown", () => {
  it("gives question, answer and numbered quotes on one line each", () => {
    const text = asMarkdown(
      " How much? ",
      "A lot [1].",
      [citation({ number: 2, section: null }), citation({})],
      words,
    );
    expect(text).toBe(
      [
        "**How much?**",
        "",
        "A lot [1].",
        "",
        "Sources",
        "",
        "1. report.pdf, page 46 (Item 7)",
        "   > net revenues of $26.5 billion",
        "2. report.pdf, page 46",
        "   > net revenues of $26.5 billion",
        "",
      ].join("\n"),
    );
  });

  it("has no list where nothing is cited", () => {
    expect(asMarkdown("Q", "A", [], words)).toBe("**Q**\n\nA\n");
  });
});

describe("places", () => {
  it("names the printed page, else its position, else what the format has", () => {
    expect(place(citation({}), words)).toBe("report.pdf, page 46");
    expect(place(citation({ page_label: null }), words)).toBe("report.pdf, page 48");
    const locator = { kind: "section", value: "Methods > Data" };
    expect(place(citation({ page: null, locator }), words)).toBe("report.pdf, Methods > Data");
    expect(place(citation({ page: null }), words)).toBe("report.pdf");
  });

  it("are in order, each number once", () => {
    const found = inOrder([
      citation({ number: 3 }),
      citation({ number: 1 }),
      citation({ number: 3, quote: "later" }),
    ]);
    expect(found.map(({ number, quote }) => [number, quote.slice(0, 5)])).toEqual([
      [1, "net r"],
      [3, "later"],
    ]);
  });

  it("lead to the text of the passage where there is no page", () => {
    const passage = { chunk_id: "k1", spans: [{ page: 7, start: 0, end: 90 }] } as never;
    expect(citationTarget(citation({ page: null }), [passage]).text).toEqual({
      number: 7,
      start: 4,
      end: 33,
    });
    expect(citationTarget(citation({}), []).text.number).toBe(48);
  });
});
