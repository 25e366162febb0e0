/** Server-sent events out of bytes, as the HTML standard says (9.2.6); `EventSource` itself can only GET. */

export interface ServerEvent {
  event: string;
  data: string;
  /** The id that `Last-Event-ID` will carry: this event's, or the last one's before it. */
  id: string;
}

/** Feed it text in pieces of any size; it returns the events that became complete. */
export class EventParser {
  private rest = "";
  private event = "";
  private data: string[] = [];
  private id = "";
  private started = false;

  push(piece: string): ServerEvent[] {
    let text = this.rest + piece;
    if (!this.started && text) {
      this.started = true;
      text = text.startsWith("\uFEFF") ? text.slice(1) : text;
    }
    const found: ServerEvent[] = [];
    let from = 0;
    for (;;) {
      const end = lineEnd(text, from);
      if (end === null) break;
      this.line(text.slice(from, end.at), found);
      from = end.next;
    }
    this.rest = text.slice(from);
    return found;
  }

  private line(line: string, found: ServerEvent[]): void {
    if (line === "") {
      if (this.data.length) {
        found.push({ event: this.event || "message", data: this.data.join("\n"), id: this.id });
      }
      this.event = "";
      this.data = [];
      return;
    }
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(line[colon + 1] === " " ? colon + 2 : colon + 1);
    if (field === "data") this.data.push(value);
    else if (field === "event") this.event = value;
    else if (field === "id" && !value.includes("\0")) this.id = value;
  }
}

/** Where the line that begins at `from` ends; null while that cannot be told (a CR at the end may be half a CRLF). */
function lineEnd(text: string, from: number): { at: number; next: number } | null {
  for (let at = from; at < text.length; at += 1) {
    const character = text[at];
    if (character === "\n") return { at, next: at + 1 };
    if (character === "\r") {
      if (at + 1 === text.length) return null;
      return { at, next: text[at + 1] === "\n" ? at + 2 : at + 1 };
    }
  }
  return null;
}

/** The events of a response's body; rejects when it breaks off or stays silent for `silence` milliseconds. */
export async function* readEvents(
  body: ReadableStream<Uint8Array>,
  silence: number,
): AsyncGenerator<ServerEvent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const parser = new EventParser();
  try {
    for (;;) {
      const { done, value } = await withinTime(reader.read(), silence);
      if (done) return;
      yield* parser.push(decoder.decode(value, { stream: true }));
    }
  } finally {
    // A consumer that has enough must not leave the connection open.
    void reader.cancel().catch(() => undefined);
  }
}

async function withinTime<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("the connection went silent")), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
