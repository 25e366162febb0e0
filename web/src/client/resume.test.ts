import { describe, expect, it } from "vitest";
import { DocuBotError, problemOf } from "./problem";
import { type Resumable, resumable } from "./resume";
import { collected, eventStream } from "./wire.testing";

const event = (number: number, name = "delta") => ({ event: name, id: `s-${number}`, data: number });

function streams(...responses: (Response | Error)[]) {
  const asked: (string | null)[] = [];
  const drops: string[] = [];
  const control = new AbortController();
  const source: Resumable = {
    open: async (lastEventId) => {
      asked.push(lastEventId);
      const next = responses.shift();
      if (!next) throw new Error("nothing is scripted");
      if (next instanceof Error) throw next;
      return next;
    },
    isLast: ({ event: name }) => name === "done",
    onDrop: (_, error) => drops.push(error.code),
    signal: control.signal,
    waits: [0, 0, 0],
  };
  return { source, asked, drops, control };
}

const numbers = async (source: Resumable) =>
  (await collected(resumable(source))).map(({ data }) => JSON.parse(data));

describe("resumable", () => {
  it("goes on behind the last event that it saw", async () => {
    const { source, asked, drops } = streams(
      eventStream([event(1), event(2)], true),
      eventStream([event(3)]), // ends, but not with the last event: a proxy cut it politely
      eventStream([event(4, "done")]),
    );
    expect(await numbers(source)).toEqual([1, 2, 3, 4]);
    expect(asked).toEqual([null, "s-2", "s-3"]);
    expect(drops).toEqual(["network_error", "network_error"]);
  });

  it("bears only so many failures in a row, and counts anew after an event", async () => {
    const away = new TypeError("fetch failed");
    const { source } = streams(
      away,
      away,
      eventStream([event(1)], true),
      away,
      away,
      eventStream([event(2, "done")]),
    );
    expect(await numbers(source)).toEqual([1, 2]);
    const { source: dead, asked } = streams(away, away, away, away);
    await expect(numbers(dead)).rejects.toThrow("cannot be reached");
    expect(asked).toHaveLength(4);
  });

  it("tries again what may pass, and tells at once what will not", async () => {
    const busy = problemOf(503, "{}", () => null);
    const { source } = streams(busy, eventStream([event(1, "done")]));
    expect(await numbers(source)).toEqual([1]);
    const { source: refused, asked } = streams(problemOf(422, '{"code":"unprocessable"}', () => null));
    await expect(numbers(refused)).rejects.toMatchObject({ code: "unprocessable" });
    expect(asked).toHaveLength(1);
  });

  it("ends without an event when the server says that there is nothing more", async () => {
    const { source } = streams(new Response(null, { status: 204 }));
    expect(await numbers(source)).toEqual([]);
  });

  it("stops at once when its caller does, also while it waits", async () => {
    const { source, control } = streams(new TypeError("fetch failed"));
    const waiting = numbers({ ...source, waits: [60_000], onDrop: () => setTimeout(() => control.abort()) });
    await expect(waiting).rejects.toMatchObject({ name: "AbortError" });
  });
});

describe("DocuBotError", () => {
  it("reads a problem, and what a proxy says in its place", () => {
    const header = (name: string) => ({ "Retry-After": "7", "X-Request-ID": "r1" })[name] ?? null;
    const ours = problemOf(503, '{"code":"storage_unavailable","detail":"The disk is full."}', header);
    expect(ours).toMatchObject({ code: "storage_unavailable", message: "The disk is full.", retryAfter: 7 });
    const proxy = problemOf(502, "<h1>Bad Gateway</h1>", header);
    expect(proxy).toMatchObject({ code: "http_502", status: 502, requestId: "r1", temporary: true });
    expect(new DocuBotError("not_retryable", "", 409).temporary).toBe(false);
  });
});
