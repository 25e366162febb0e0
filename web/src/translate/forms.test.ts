import { describe, expect, it } from "vitest";
import { formsOf } from "./forms";

describe("formsOf", () => {
  it.each([
    ["application/pdf", "pdf"],
    ["application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"],
    ["application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx"],
  ])("offers %s its own form first", (mediaType, form) => {
    expect(formsOf(mediaType)).toEqual([form, "markdown", "html", "bilingual_html"]);
  });

  it("offers everything else the forms that any document can have", () => {
    expect(formsOf("text/markdown")).toEqual(["markdown", "html", "bilingual_html"]);
  });
});
