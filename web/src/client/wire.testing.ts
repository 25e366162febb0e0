/** Scripted responses for tests: what a server would send, without one. */

export function eventStream(
  events: readonly { event: string; id?: string; data: unknown }[],
  breaks = false,
): Response {
  const text = events
    .map(
      ({ event, id, data }) => `event: ${event}\ndata: ${JSON.stringify(data)}\n${id ? `id: ${id}\n` : ""}\n`,
    )
    .join("");
  const pieces = [new TextEncoder().encode(text)];
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const piece = pieces.shift();
      if (piece) controller.enqueue(piece);
      else if (breaks) controller.error(new TypeError("network error"));
      else controller.close();
    },
  });
  return new Response(body, { headers: { "Content-Type": "text/event-stream" } });
}

export function problem(status: number, code: string, headers: Record<string, string> = {}): Response {
  return Response.json({ status, code, title: code, detail: `detail of ${code}` }, { status, headers });
}

export interface Request {
  url: string;
  method: string;
  headers: Headers;
  body: unknown;
}

/** A `fetch` that answers with `responses` in turn, and what it was asked. */
export function scripted(...responses: (Response | Error)[]): { fetch: typeof fetch; requests: Request[] } {
  const requests: Request[] = [];
  const answer = async (url: string | URL | globalThis.Request, init: RequestInit = {}) => {
    const body = typeof init.body === "string" ? JSON.parse(init.body) : null;
    requests.push({
      url: String(url),
      method: init.method ?? "GET",
      headers: new Headers(init.headers),
      body,
    });
    const next = responses.shift();
    if (!next) throw new Error(`nothing is scripted for ${String(url)}`);
    if (next instanceof Error) throw next;
    return next;
  };
  return { fetch: answer, requests };
}

/** All that an iterator gives, in order. */
export async function collected<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
