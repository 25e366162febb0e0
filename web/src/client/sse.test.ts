import { describe, expect, it } from "vitest";
import { EventParser, readEvents, type ServerEvent } from "./sse";
import { collected } from "./wire.testing";

function parsed(...pieces: string[]): ServerEvent[] {
  const parser = new EventParser();
  return pieces.flatMap((piece) => parser.push(piece));
}

const STREAM =
  'event: delta\ndata: {"text":"é"}\nid: a-1\n\n: ping\n\nevent: done\ndata: first\ndata: second\nid: a-2\n\n';
const EVENTS: ServerEvent[] = [
  { event: "delta", data: '{"text":"é"}', id: "a-1" },
  { event: "done", data: "first\nsecond", id: "a-2" },
];

describe("EventParser", () => {
  it("reads events, joins data lines and passes over comments", () => {
    expect(parsed(STREAM)).toEqual(EVENTS);
  });

  it.each([1, 2, 3, 7])("does not care in which pieces of %i the text comes", (size) => {
    const pieces = STREAM.match(new RegExp(`[^]{1,${size}}`, "gu")) ?? [];
    expect(parsed(...pieces)).toEqual(EVENTS);
  });

  it.each([
    ["CRLF", "\r\n"],
    ["CR", "\r"],
  ])("takes %s for line ends, halved ones too", (_, end) => {
    // A lone CR at the end may be half a CRLF: more has to come before it counts.
    const text = `${STREAM.replaceAll("\n", end)}: more`;
    expect(parsed(text)).toEqual(EVENTS);
    expect(parsed(...text)).toEqual(EVENTS);
  });

  it("drops the byte order mark, one space behind the colon, and events without data", () => {
    expect(parsed("\uFEFFdata:  x\n\nevent: empty\n\n")).toEqual([{ event: "message", data: " x", id: "" }]);
  });

  it("keeps the last id for events that have none, and refuses one with NUL", () => {
    const ids = parsed("id: 7\ndata: a\n\ndata: b\n\nid: 8\0\ndata: c\n\n").map(({ id }) => id);
    expect(ids).toEqual(["7", "7", "7"]);
  });

  it("does not give an event whose end has not come", () => {
    expect(parsed("data: half\n")).toEqual([]);
  });
});

describe("readEvents", () => {
  it("decodes characters that arrive in two pieces", async () => {
    const bytes = new TextEncoder().encode("data: 东😀\n\n");
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const byte of bytes) controller.enqueue(new Uint8Array([byte]));
        controller.close();
      },
    });
    const found = await collected(readEvents(body, 1000));
    expect(found.map(({ data }) => data)).toEqual(["东😀"]);
  });

  it("gives up a connection that went silent, and closes it", async () => {
    let cancelled = false;
    const body = new ReadableStream<Uint8Array>({
      cancel() {
        cancelled = true;
      },
    });
    await expect(collected(readEvents(body, 20))).rejects.toThrow("silent");
    expect(cancelled).toBe(true);
  });
});
