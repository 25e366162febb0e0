import { describe, expect, it } from "vitest";
import type { Sentence } from "../client";
import { unitsOf } from "./codepoints";
import { type Block, markup, type Run } from "./markup";
import { supportOf } from "./support";

/** Sentences as the server counts them: in code points. */
function sentences(text: string, ...parts: string[]): Sentence[] {
  return parts.map((part) => {
    const start = [...text.slice(0, text.indexOf(part))].length;
    return { start, end: start + [...part].length, support: 1, citations: [], composed: false };
  });
}
const said = (runs: Run[]) =>
  runs.map(({ sentence, pieces }) => [sentence, pieces.map(({ text }) => text).join("")]);
const runsOf = (block: Block | undefined) => (block && "runs" in block ? block.runs : []);

describe("unitsOf", () => {
  it("agrees with plain indexes where every character is one unit", () => {
    expect(unitsOf("中文 é")(3)).toBe(3);
    expect(unitsOf("ab")(9)).toBe(2);
  });

  it("counts a character beyond the basic plane as one", () => {
    const text = "😀𠀀b";
    const units = unitsOf(text);
    expect([0, 1, 2, 3].map(units)).toEqual([0, 2, 4, 5]);
    expect(text.slice(units(2))).toBe("b");
  });
});

describe("markup", () => {
  it("puts each piece into its sentence, behind characters of two units too", () => {
    const text = "😀 First [1]. Second has no source.";
    const [block] = markup(text, sentences(text, "😀 First [1].", "Second has no source."), true);
    expect(said(runsOf(block))).toEqual([
      [0, "😀 First [1]."],
      [null, " "],
      [1, "Second has no source."],
    ]);
    expect(runsOf(block).filter(({ last }) => last)).toHaveLength(2);
    const cited = runsOf(block).flatMap(({ pieces }) => pieces.flatMap(({ cites }) => cites ?? []));
    expect(cited).toEqual([1]);
  });

  it("gives lines that are as they were the very runs that they had", () => {
    const known = new Map();
    const itemsOf = (text: string) => {
      const [list] = markup(text, [], true, known);
      return list?.kind === "list" ? list.items : [];
    };
    const before = itemsOf("* One [1].\n* Tw");
    const after = itemsOf("* One [1].\n* Two [2].");
    expect(after[0]).toBe(before[0]);
    expect(said(after[1] ?? [])).toEqual([[null, "Two [2]."]]);
  });

  it("keeps markers inside bold text, and styles apart", () => {
    const text = "It was **$21.6 million [2]**, *not* `x*y`.";
    const [block] = markup(text, [], true);
    const pieces = runsOf(block).flatMap((run) => run.pieces);
    expect(pieces.map(({ style, text: words, cites }) => [style, cites ?? words])).toEqual([
      ["plain", "It was "],
      ["strong", "$21.6 million "],
      ["strong", 2],
      ["plain", ", "],
      ["em", "not"],
      ["plain", " "],
      ["code", "x*y"],
      ["plain", "."],
    ]);
    for (const piece of pieces) expect(text.startsWith(piece.text, piece.start)).toBe(true);
  });

  it("ends bold text of one character where it ends", () => {
    const [block] = markup("Gauge **7** is old, **8** is not.", [], true);
    const pieces = runsOf(block).flatMap((run) => run.pieces.map(({ style, text }) => [style, text]));
    expect(pieces).toEqual([
      ["plain", "Gauge "],
      ["strong", "7"],
      ["plain", " is old, "],
      ["strong", "8"],
      ["plain", " is not."],
    ]);
  });

  it("draws bold text that is still being written", () => {
    const [block] = markup("Aurora spent **$21.6 mil", [], true);
    const pieces = runsOf(block).flatMap((run) => run.pieces);
    expect(pieces.map(({ style, text }) => [style, text])).toEqual([
      ["plain", "Aurora spent "],
      ["strong", "$21.6 mil"],
    ]);
  });

  it("reads paragraphs, headings, lists, tables and code", () => {
    const text = [
      "# Upkeep",
      "Two things:",
      "2. Battery [1]",
      "   every year",
      "",
      "3. Float",
      "- loose",
      "| Year | Sum |",
      "|---|---|",
      "| 2024 | 21.6 [2] |",
      "```",
      "a | b",
      "```",
      "End.",
    ].join("\n");
    const blocks = markup(text, [], true);
    expect(blocks.map(({ kind }) => kind)).toEqual([
      "heading",
      "paragraph",
      "list",
      "list",
      "table",
      "code",
      "paragraph",
    ]);
    expect(blocks[2]).toMatchObject({ ordered: true, first: 2 });
    const list = blocks[2]?.kind === "list" ? blocks[2].items.map(said) : [];
    expect(list).toEqual([[[null, "Battery [1]\n   every year"]], [[null, "Float"]]]);
    const rows = blocks[4]?.kind === "table" ? blocks[4].rows.map((row) => row.map(said)) : [];
    expect(rows).toHaveLength(2);
    expect(rows[1]?.[1]).toEqual([[null, " 21.6 [2] "]]);
    expect(new Set(blocks.map(({ at }) => at)).size).toBe(blocks.length);
  });

  it("leaves verbatim text as it stands, but for its markers", () => {
    const text = "* not a list *really* | 3 |\n# 4 [1]";
    const [block, ...more] = markup(text, [], false);
    expect(more).toEqual([]);
    expect(said(runsOf(block))).toEqual([[null, text]]);
    expect(runsOf(block)[0]?.pieces.at(-1)).toMatchObject({ cites: 1 });
  });

  it.each(["**", "`", "[", "|", "```", "1.", "*a", "| x", "", "\n\n"])("bears the unfinished %j", (text) => {
    const shown = JSON.stringify(markup(text, [], true));
    for (const character of text.replace(/[\s`|*]|^1\.$/g, "")) expect(shown).toContain(character);
  });
});

describe("supportOf", () => {
  const sentence = (support: number, citations: number[]) => ({
    start: 0,
    end: 1,
    support,
    citations,
    composed: false,
  });

  it("tells full, weak and no support apart, and passes over what only leads in", () => {
    expect(supportOf(sentence(0.9, [1]), "So it is.")).toBe("full");
    expect(supportOf(sentence(0.1, [1]), "So it is.")).toBe("weak");
    expect(supportOf(sentence(0, []), "So it is.")).toBe("none");
    expect(supportOf(sentence(0, []), "The manual says:")).toBe("full");
    expect(supportOf(sentence(0, []), "手册写道：")).toBe("full");
  });
});
