/** One request with progress of what was sent, which `fetch` cannot tell. */

import { DocuBotError, networkError, problemOf } from "./problem";
import { abortError, pause } from "./resume";

export interface Sending {
  method: "POST" | "PUT";
  url: string;
  body: FormData;
  headers: Record<string, string>;
  signal: AbortSignal;
  /** 0..1 of the bytes handed to the network. */
  onProgress?(share: number): void;
}

/** The body of an ok answer, parsed. Rejects with a DocuBotError or an AbortError. */
export type Send = <T>(sending: Sending) => Promise<T>;

export const sendByXhr: Send = <T>({ method, url, body, headers, signal, onProgress }: Sending) =>
  new Promise<T>((resolve, reject) => {
    if (signal.aborted) return reject(abortError());
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    const ended = (settle: () => void) => () => {
      signal.removeEventListener("abort", abort);
      settle();
    };
    signal.addEventListener("abort", abort, { once: true });
    request.open(method, url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => {
      if (event.lengthComputable && event.total) onProgress?.(event.loaded / event.total);
    };
    request.onload = ended(() => {
      if (request.status < 200 || request.status > 299) {
        reject(problemOf(request.status, request.responseText, (name) => request.getResponseHeader(name)));
        return;
      }
      try {
        resolve(JSON.parse(request.responseText) as T);
      } catch {
        reject(new DocuBotError("bad_answer", "The server's answer cannot be read.", request.status));
      }
    });
    request.onerror = ended(() => reject(networkError(null)));
    request.onabort = ended(() => reject(abortError()));
    request.send(body);
  });

/** Waits between tries of an upload: the same Idempotency-Key makes a second try harmless. */
const WAITS = [1000, 2000, 4000, 8000, 15_000, 30_000, 30_000] as const;

/** Send again when the server went away in between, as a restart does. */
export async function persistently<T>(
  send: () => Promise<T>,
  signal: AbortSignal,
  onWait?: (error: DocuBotError) => void,
  waits: readonly number[] = WAITS,
): Promise<T> {
  for (let failures = 0; ; failures += 1) {
    try {
      return await send();
    } catch (error) {
      const wait = waits[failures];
      if (!(error instanceof DocuBotError) || !error.temporary || wait === undefined) throw error;
      onWait?.(error);
      await pause(error.retryAfter === null ? wait : error.retryAfter * 1000, signal);
    }
  }
}
