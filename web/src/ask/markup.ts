/**
 * An answer's text as blocks of runs. Markers `[1]` become citations, the little Markdown that models write becomes
 * structure, and each run knows which of the server's sentences it belongs to. Offsets stay those of the text.
 */
import type { Sentence } from "../client";
import { unitsOf } from "./codepoints";

export interface Piece {
  start: number;
  text: string;
  style: "plain" | "strong" | "em" | "code";
  /** The number of a citation, which stands in for its marker. */
  cites: number | null;
}

/** Pieces that stand in the same sentence; `sentence` is an index, null where there is none. */
export interface Run {
  sentence: number | null;
  pieces: Piece[];
  /** Whether the sentence ends here. */
  last: boolean;
}

export type Block =
  | { kind: "paragraph" | "heading"; at: number; runs: Run[] }
  | { kind: "list"; at: number; ordered: boolean; first: number; items: Run[][] }
  | { kind: "table"; at: number; rows: Run[][][] }
  | { kind: "code"; at: number; text: string };

interface Line {
  start: number;
  text: string;
}

/** Of a sentence; the index is the sentence's. */
interface Bound {
  index: number;
  start: number;
  end: number;
}

interface Context {
  bounds: readonly Bound[];
  markdown: boolean;
  known: Known;
}

/** The runs of each line by where it starts. */
export type Known = Map<number, { text: string; runs: Run[] }>;

/**
 * `markdown`: false for verbatim text, whose stars and bars are its own. `known` is of an earlier call with the same
 * sentences: lines that are as they were get the very runs that they had.
 */
export function markup(
  text: string,
  sentences: readonly Sentence[],
  markdown: boolean,
  known: Known = new Map(),
): Block[] {
  const units = unitsOf(text);
  const bounds = sentences.map(({ start, end }, index) => ({ index, start: units(start), end: units(end) }));
  const context = { bounds, markdown, known };
  const blocks: Block[] = [];
  const lines = linesOf(text);
  while (lines.length) {
    const line = lines[0];
    if (!line?.text.trim()) lines.shift();
    else blocks.push(markdown ? block(lines, context) : paragraph(lines, context));
  }
  return blocks;
}

const FENCE = /^\s*```/;
const HEADING = /^\s{0,3}#{1,6}\s+/;
const BULLET = /^\s*[-*•]\s+/;
const NUMBER = /^\s*(\d{1,3})[.)]\s+/;
const TABLE = /^\s*\|.*\|\s*$/;
const RULE = /^\s*\|?[\s:|-]+\|?\s*$/;
const STARTS = [FENCE, HEADING, BULLET, NUMBER, TABLE];

function block(lines: Line[], context: Context): Block {
  const first = lines[0] as Line;
  if (FENCE.test(first.text)) return code(lines);
  if (HEADING.test(first.text)) {
    const line = lines.shift() as Line;
    return { kind: "heading", at: line.start, runs: runs(after(line, HEADING), context) };
  }
  if (BULLET.test(first.text)) return list(lines, BULLET, context);
  if (NUMBER.test(first.text)) return list(lines, NUMBER, context);
  if (TABLE.test(first.text)) return table(lines, context);
  return paragraph(lines, context);
}

function paragraph(lines: Line[], context: Context): Block {
  const taken = [lines.shift() as Line];
  while (
    lines[0]?.text.trim() &&
    !(context.markdown && STARTS.some((start) => start.test(lines[0]?.text ?? "")))
  ) {
    taken.push(lines.shift() as Line);
  }
  const start = taken[0]?.start ?? 0;
  return {
    kind: "paragraph",
    at: start,
    runs: runs({ start, text: taken.map(({ text }) => text).join("\n") }, context),
  };
}

function list(lines: Line[], marker: RegExp, context: Context): Block {
  const at = lines[0]?.start ?? 0;
  const first = Number(marker.exec(lines[0]?.text ?? "")?.[1] ?? 1);
  const items: Run[][] = [];
  while (lines[0] && marker.test(lines[0].text)) {
    const item = after(lines.shift() as Line, marker);
    // What follows indented still belongs to the item.
    while (
      lines[0] &&
      /^\s{2,}\S/.test(lines[0].text) &&
      !STARTS.some((start) => start.test(lines[0]?.text ?? ""))
    ) {
      item.text += `\n${(lines.shift() as Line).text}`;
    }
    items.push(runs(item, context));
    while (lines[0] && !lines[0].text.trim() && lines[1] && marker.test(lines[1].text)) lines.shift();
  }
  return { kind: "list", at, ordered: marker === NUMBER, first, items };
}

function table(lines: Line[], context: Context): Block {
  const at = lines[0]?.start ?? 0;
  const rows: Run[][][] = [];
  while (lines[0] && TABLE.test(lines[0].text)) {
    const line = lines.shift() as Line;
    if (!RULE.test(line.text)) rows.push(cells(line).map((cell) => runs(cell, context)));
  }
  return { kind: "table", at, rows };
}

function cells(line: Line): Line[] {
  const found: Line[] = [];
  const from = line.text.indexOf("|") + 1;
  let start = from;
  for (let at = from; at < line.text.length; at += 1) {
    if (line.text[at] !== "|" || line.text[at - 1] === "\\") continue;
    found.push({ start: line.start + start, text: line.text.slice(start, at) });
    start = at + 1;
  }
  return found;
}

function code(lines: Line[]): Block {
  const at = (lines.shift() as Line).start;
  const taken: string[] = [];
  while (lines[0] && !FENCE.test(lines[0].text)) taken.push((lines.shift() as Line).text);
  lines.shift();
  return { kind: "code", at, text: taken.join("\n") };
}

const MARKER = String.raw`\[(?<cite>\d{1,3})\]`;
const PLAIN = new RegExp(MARKER, "g");
/** Bold text that has not ended yet is bold all the same: its end is still to be written. */
const INLINE = new RegExp(
  String.raw`${MARKER}|\*\*(?<strong>\S(?:.*?\S)??)(?:\*\*|$)|\x60(?<code>[^\x60\n]+)\x60|(?<![\w*])\*(?<em>[^\s*](?:[^*\n]*[^\s*])?)\*(?![\w*])`,
  "gs",
);

function pieces({ start, text }: Line, markdown: boolean, style: Piece["style"] = "plain"): Piece[] {
  const found: Piece[] = [];
  let from = 0;
  const plain = (to: number) => {
    if (to > from) found.push({ start: start + from, text: text.slice(from, to), style, cites: null });
  };
  for (const match of text.matchAll(markdown ? INLINE : PLAIN)) {
    const { cite, strong, code: verbatim, em } = match.groups ?? {};
    plain(match.index);
    from = match.index + match[0].length;
    const at = start + match.index;
    if (cite) found.push({ start: at, text: match[0], style, cites: Number(cite) });
    else if (strong) found.push(...pieces({ start: at + 2, text: strong }, markdown, "strong"));
    else if (em) found.push(...pieces({ start: at + 1, text: em }, markdown, "em"));
    else if (verbatim) found.push({ start: at + 1, text: verbatim, style: "code", cites: null });
  }
  plain(text.length);
  return found;
}

function runs(line: Line, context: Context): Run[] {
  const before = context.known.get(line.start);
  if (before?.text === line.text) return before.runs;
  const found = runsAnew(line, context);
  context.known.set(line.start, { text: line.text, runs: found });
  return found;
}

function runsAnew(line: Line, context: Context): Run[] {
  const found: Run[] = [];
  const bounds = context.bounds.filter(
    ({ start, end }) => end > line.start && start < line.start + line.text.length,
  );
  for (const piece of pieces(line, context.markdown).flatMap((whole) => split(whole, bounds))) {
    const sentence =
      bounds.find(({ start, end }) => piece.start >= start && piece.start < end)?.index ?? null;
    const open = found.at(-1);
    if (open && open.sentence === sentence) open.pieces.push(piece);
    else found.push({ sentence, pieces: [piece], last: false });
  }
  const ends = new Map(found.map((run) => [run.sentence, run]));
  for (const run of ends.values()) run.last = run.sentence !== null;
  return found;
}

/** A plain piece may hold the end of one sentence and the beginning of the next. */
function split(piece: Piece, bounds: readonly Bound[]): Piece[] {
  if (piece.cites !== null) return [piece];
  const cuts = bounds
    .flatMap(({ start, end }) => [start, end])
    .filter((at) => at > piece.start && at < piece.start + piece.text.length);
  const edges = [piece.start, ...new Set(cuts.sort((a, b) => a - b)), piece.start + piece.text.length];
  return edges.slice(0, -1).map((start, index) => ({
    ...piece,
    start,
    text: piece.text.slice(start - piece.start, (edges[index + 1] ?? start) - piece.start),
  }));
}

function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  let start = 0;
  for (const line of text.split("\n")) {
    lines.push({ start, text: line });
    start += line.length + 1;
  }
  return lines;
}

function after(line: Line, marker: RegExp): Line {
  const length = marker.exec(line.text)?.[0].length ?? 0;
  return { start: line.start + length, text: line.text.slice(length) };
}
