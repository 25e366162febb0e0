import { describe, expect, it } from "vitest";
import { DocuBotClient } from "./client";
import { networkError } from "./problem";
import { abortError } from "./resume";
import { persistently, type Sending } from "./send";
import type { Answer, AskEvent } from "./types";
import { collected, eventStream, problem, scripted } from "./wire.testing";

const base = "https://docs.example.com/";
const started = {
  event: "started",
  id: "s-1",
  data: { conversation_id: "c1", message_id: "m1", mode: "generate" },
};
const delta = (number: number, text: string) => ({ event: "delta", id: `s-${number}`, data: { text } });
const answer = { answer: "Yes.", message_id: "m1", conversation_id: "c1" } as Answer;
const done = { event: "done", id: "s-9", data: answer };

function asking(...responses: (Response | Error)[]) {
  const { fetch, requests } = scripted(...responses);
  const client = new DocuBotClient({ baseUrl: base, fetch });
  return { events: () => collected(client.ask({ question: "Is it?" })), requests };
}
const types = (events: AskEvent[]) => events.map(({ type }) => type);

describe("ask", () => {
  it("tells the answer as it is made, and asks for a stream", async () => {
    const { events, requests } = asking(eventStream([started, delta(2, "Y"), delta(3, "es."), done]));
    expect(types(await events())).toEqual(["started", "delta", "delta", "done"]);
    expect(requests[0]).toMatchObject({
      url: "https://docs.example.com/ask",
      body: { question: "Is it?", stream: true },
    });
  });

  it("goes on after a drop, behind what it has", async () => {
    const { events, requests } = asking(
      eventStream([started, delta(2, "Y")], true),
      eventStream([delta(3, "es."), done]),
    );
    expect(types(await events())).toEqual(["started", "delta", "delta", "done"]);
    expect(requests[1]?.headers.get("Last-Event-ID")).toBe("s-2");
  });

  it("takes the stored answer when a restarted server has lost the stream", async () => {
    const conversation = Response.json({ id: "c1", messages: [{ id: "m1", answer }] });
    const lost = [eventStream([started, delta(2, "Y")], true), problem(404, "stream_not_found")];
    const { events, requests } = asking(...lost, conversation);
    expect((await events()).at(-1)).toEqual({ type: "done", answer });
    expect(requests.at(-1)?.url).toBe("https://docs.example.com/conversations/c1");
  });

  it("asks anew when the lost answer was not stored", async () => {
    const lost = [eventStream([started, delta(2, "Y")], true), problem(404, "stream_not_found")];
    const { events, requests } = asking(
      ...lost,
      problem(404, "conversation_not_found"),
      eventStream([started, done]),
    );
    expect(types(await events())).toEqual(["started", "delta", "started", "done"]);
    expect(requests.at(-1)?.headers.has("Last-Event-ID")).toBe(false);
  });

  it("passes over events that it does not know, and rejects on an error event", async () => {
    const strange = { event: "thought", id: "s-2", data: {} };
    const failed = {
      event: "error",
      id: "s-3",
      data: { status: 503, code: "llm_unavailable", detail: "No." },
    };
    const { events } = asking(eventStream([started, strange, failed]));
    await expect(events()).rejects.toMatchObject({ code: "llm_unavailable", message: "No." });
  });
});

describe("followJob", () => {
  it("ends with the job, and resumes by number", async () => {
    const step = (number: number, type: string) => ({
      event: type,
      id: String(number),
      data: { number, type, data: {} },
    });
    const { fetch, requests } = scripted(
      eventStream([step(1, "queued"), step(2, "started")], true),
      eventStream([step(3, "finished")]),
    );
    const events = await collected(new DocuBotClient({ fetch }).followJob("j/1"));
    expect(events.map(({ number }) => number)).toEqual([1, 2, 3]);
    expect(requests.map(({ url, headers }) => [url, headers.get("Last-Event-ID")])).toEqual([
      ["/jobs/j%2F1/events", null],
      ["/jobs/j%2F1/events", "2"],
    ]);
  });
});

describe("calls", () => {
  it("leaves out what is not given, and encodes what is", async () => {
    const { fetch, requests } = scripted(Response.json({ items: [] }), problem(404, "document_not_found"));
    const client = new DocuBotClient({
      baseUrl: base,
      fetch,
      headers: () => ({ Authorization: "Bearer x" }),
    });
    await client.listDocuments({ collection: "财报 2024" });
    expect(requests[0]?.url).toBe(
      "https://docs.example.com/documents?collection=%E8%B4%A2%E6%8A%A5+2024&limit=100",
    );
    expect(requests[0]?.headers.get("Authorization")).toBe("Bearer x");
    await expect(client.getDocument("d1")).rejects.toMatchObject({ code: "document_not_found", status: 404 });
  });

  it("brings pictures of pages, with the key that a server may want", async () => {
    const { fetch, requests } = scripted(new Response("PNG"));
    const client = new DocuBotClient({
      baseUrl: base,
      fetch,
      headers: () => ({ Authorization: "Bearer x" }),
    });
    expect(await (await client.pageImage("d1", 3, { scale: 1.5, highlight: [[1, 2, 3, 4]] })).text()).toBe(
      "PNG",
    );
    expect(requests[0]?.url).toBe(
      "https://docs.example.com/documents/d1/pages/3/image?scale=1.5&highlight=1%2C2%2C3%2C4",
    );
    expect(requests[0]?.headers.get("Authorization")).toBe("Bearer x");
  });

  it("tells whoever asked to be told that a key is wanted", async () => {
    const { fetch } = scripted(problem(401, "unauthorized"), problem(403, "scope_missing"));
    const wanted: number[] = [];
    const client = new DocuBotClient({ baseUrl: base, fetch, onUnauthorized: () => wanted.push(1) });
    await expect(client.getDocument("d1")).rejects.toMatchObject({ status: 401 });
    await expect(client.getDocument("d1")).rejects.toMatchObject({ status: 403 });
    expect(wanted).toEqual([1]);
  });

  it("tells apart a server that is away and a caller that stopped", async () => {
    const { fetch } = scripted(new TypeError("Failed to fetch"), abortError() as unknown as Error);
    const client = new DocuBotClient({ fetch });
    await expect(client.getJob("1")).rejects.toMatchObject({ code: "network_error", temporary: true });
    await expect(client.getJob("1")).rejects.toMatchObject({ name: "AbortError" });
  });
});

describe("upload", () => {
  const file = new File(["%PDF-"], "a.pdf");

  it("sends fields before the file, and rejects with the file's own problem", async () => {
    const sent: Sending[] = [];
    const refused = { filename: "a.pdf", error: { status: 422, code: "empty_file", detail: "Empty." } };
    const send = async <T>(sending: Sending) => {
      sent.push(sending);
      return { documents: [refused] } as T;
    };
    const client = new DocuBotClient({ send });
    const options = { collection: "reports", metadata: { folder: "2024" }, idempotencyKey: "k1" };
    await expect(client.upload(file, options)).rejects.toMatchObject({ code: "empty_file" });
    expect([...(sent[0]?.body.keys() ?? [])]).toEqual(["collection", "metadata", "file"]);
    expect(sent[0]?.headers["Idempotency-Key"]).toBe("k1");
  });

  it("is sent again while the server is away, and no more than that", async () => {
    let tries = 0;
    const { signal } = new AbortController();
    const flaky = async () => {
      tries += 1;
      if (tries < 3) throw networkError(null);
      return "stored";
    };
    expect(await persistently(flaky, signal, undefined, [0, 0])).toBe("stored");
    const refused = async () => {
      tries += 1;
      throw await problemOf415();
    };
    tries = 0;
    await expect(persistently(refused, signal, undefined, [0, 0])).rejects.toMatchObject({ status: 415 });
    expect(tries).toBe(1);
  });
});

async function problemOf415() {
  const { problemOf } = await import("./problem");
  return problemOf(415, '{"code":"unsupported_media_type"}', () => null);
}
