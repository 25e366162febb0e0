import { describe, expect, it } from "vitest";
import { emptyRow, rowsOf, termsOf, twice } from "./terms";

const terms = [
  { source: "invoice", target: "Rechnung", case_sensitive: false },
  { source: "DocuBot", target: null, case_sensitive: true },
];

describe("terms of a glossary", () => {
  it("come out as they went in, without empty rows", () => {
    expect(termsOf([...rowsOf(terms), emptyRow()])).toEqual(terms);
  });

  it("keep a translation that has no term, so that the server refuses it", () => {
    expect(termsOf([{ ...emptyRow(), target: "Rechnung" }])).toHaveLength(1);
  });

  it("are told apart without case", () => {
    expect(twice(rowsOf(terms))).toBeNull();
    expect(twice([...rowsOf(terms), { ...emptyRow(), source: "Invoice " }])).toBe("Invoice");
  });
});
