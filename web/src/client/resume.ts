/** A stream of events that outlives its connections: after a drop it goes on behind the last event that was seen. */
import { DocuBotError, isAbort, networkError } from "./problem";
import { readEvents, type ServerEvent } from "./sse";

export interface Resumable {
  /** Opens the stream, behind the event of this id unless it is null. Rejects with a DocuBotError. */
  open(lastEventId: string | null, signal: AbortSignal): Promise<Response>;
  /** Whether nothing follows this event. */
  isLast(event: ServerEvent): boolean;
  signal: AbortSignal;
  /** Told before each wait for a new connection, with the number of failures in a row. */
  onDrop?(failures: number, error: DocuBotError): void;
  /** Milliseconds before each new try; its length is how many failures in a row are borne. */
  waits?: readonly number[];
  /** Milliseconds without a byte after which a connection counts as dead; the server sends one every 15 s. */
  silence?: number;
}

/** The first try comes within the 2 s for which a server keeps writing an answer that nobody reads. */
const WAITS = [200, 600, 1500, 3000, 5000, 10_000, 20_000] as const;
const SILENCE = 45_000;

/** Every event once, in order, to the last. Rejects with a DocuBotError, or an AbortError when `signal` fires. */
export async function* resumable(source: Resumable): AsyncGenerator<ServerEvent> {
  const waits = source.waits ?? WAITS;
  let lastId: string | null = null;
  let failures = 0;
  for (;;) {
    let broken: DocuBotError;
    try {
      const response = await source.open(lastId, source.signal);
      if (response.status === 204 || !response.body) return;
      for await (const event of readEvents(response.body, source.silence ?? SILENCE)) {
        failures = 0;
        lastId = event.id || lastId;
        yield event;
        if (source.isLast(event)) return;
      }
      broken = networkError(new Error("the stream broke off"));
    } catch (error) {
      if (source.signal.aborted || isAbort(error)) throw abortError();
      broken = error instanceof DocuBotError ? error : networkError(error);
      if (!broken.temporary) throw broken;
    }
    const wait = waits[failures];
    if (wait === undefined) throw broken;
    failures += 1;
    source.onDrop?.(failures, broken);
    await pause(broken.retryAfter === null ? wait : broken.retryAfter * 1000, source.signal);
  }
}

/** Wait; rejects with an AbortError as soon as `signal` fires. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(abortError());
    const stop = () => {
      clearTimeout(timer);
      reject(abortError());
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    signal.addEventListener("abort", stop, { once: true });
  });
}

export function abortError(): DOMException {
  return new DOMException("The caller stopped it.", "AbortError");
}
