/** How calls are sent: addresses, headers, failures. The API's calls are in the files beside this one. */
import { DocuBotError, isAbort, networkError, problemOf } from "./problem";
import { type Send, sendByXhr } from "./send";
import type * as wire from "./types";

export interface ClientOptions {
  /** Where DocuBot is, as "https://docs.example.com"; the page's own origin when left out. */
  baseUrl?: string;
  /** Added to every call, as `Authorization: Bearer <key>`. */
  headers?: () => Record<string, string>;
  /** Asked when a call is refused for want of a valid key; once it says true, the call is sent again. */
  renew?: () => Promise<boolean>;
  /** Told of every call that the server refuses for want of a (valid) key; the call rejects all the same. */
  onUnauthorized?: () => void;
  fetch?: typeof globalThis.fetch;
  send?: Send;
}

export interface ListOptions {
  collection?: string;
  cursor?: string | null;
  limit?: number;
  signal?: AbortSignal;
}

export type Query = Record<string, string | number | readonly string[] | null | undefined>;
export interface Call {
  method?: string;
  query?: Query;
  json?: unknown;
  /** Sent as it is, instead of `json`. */
  body?: Blob | URLSearchParams;
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
}

const UNAUTHORIZED = 401;
export const NEVER = new AbortController().signal;

interface FileCall {
  method: "POST" | "PUT";
  fields?: Record<string, string | undefined>;
  headers?: Record<string, string>;
  onProgress?: ((share: number) => void) | undefined;
  signal?: AbortSignal | undefined;
}

export class Transport {
  private readonly base: string;

  constructor(private readonly options: ClientOptions = {}) {
    this.base = (options.baseUrl ?? "").replace(/\/+$/, "");
  }

  list<T>(path: string, options: ListOptions, more: Query = {}): Promise<wire.Page<T>> {
    const { collection, cursor, limit = 100, signal } = options;
    return this.json(path, { query: { collection, cursor, limit, ...more }, signal });
  }

  /** Fields go before the file: the server may refuse by them before the bytes have come. */
  async sendFile<T>(path: string, file: File, call: FileCall): Promise<T> {
    const body = new FormData();
    for (const [name, value] of Object.entries(call.fields ?? {})) if (value) body.append(name, value);
    body.append("file", file, file.name);
    const { method, onProgress, signal = NEVER } = call;
    const send = this.options.send ?? sendByXhr;
    const sent = () =>
      send<T>({
        method,
        url: this.url(path),
        body,
        headers: { ...this.options.headers?.(), ...call.headers },
        signal,
        ...(onProgress && { onProgress }),
      });
    try {
      return await sent();
    } catch (error) {
      if (!(error instanceof DocuBotError) || error.status !== UNAUTHORIZED) throw error;
      if (await this.options.renew?.()) return sent();
      this.options.onUnauthorized?.();
      throw error;
    }
  }

  async blob(path: string, call: Call): Promise<Blob> {
    const response = await this.call(path, call);
    try {
      return await response.blob();
    } catch (error) {
      if (isAbort(error)) throw error;
      throw networkError(error);
    }
  }

  async json<T>(path: string, call: Call = {}): Promise<T> {
    const response = await this.call(path, call);
    try {
      return (await response.json()) as T;
    } catch (error) {
      if (isAbort(error)) throw error;
      throw new DocuBotError("bad_answer", "The server's answer cannot be read.", response.status);
    }
  }

  stream(path: string, call: Call, lastEventId: string | null): Promise<Response> {
    const headers = { Accept: "text/event-stream", ...(lastEventId && { "Last-Event-ID": lastEventId }) };
    return this.call(path, { ...call, headers });
  }

  async call(path: string, call: Call): Promise<Response> {
    let response = await this.fetch(path, call);
    if (response.status === UNAUTHORIZED && (await this.options.renew?.()))
      response = await this.fetch(path, call);
    if (response.status === UNAUTHORIZED) this.options.onUnauthorized?.();
    if (!response.ok) throw await failure(response);
    return response;
  }

  async fetch(path: string, { method = "GET", query, json, body, headers, signal }: Call): Promise<Response> {
    const send = this.options.fetch ?? globalThis.fetch;
    const all = new Headers({ ...this.options.headers?.(), ...headers });
    const init: RequestInit = { method, headers: all, ...(signal && { signal }) };
    if (json !== undefined) {
      all.set("Content-Type", "application/json");
      init.body = JSON.stringify(json);
    }
    if (body) init.body = body;
    try {
      return await send(this.url(path, query), init);
    } catch (error) {
      if (isAbort(error)) throw error;
      throw networkError(error);
    }
  }

  private url(path: string, query: Query = {}): string {
    const given = Object.entries(query).flatMap(([name, value]) =>
      (Array.isArray(value) ? value : [value]).map((one) => [name, one]),
    );
    const told = given.filter(([, value]) => value !== undefined && value !== null);
    const search = new URLSearchParams(told.map(([name, value]) => [name, String(value)])).toString();
    return this.base + path + (search && `?${search}`);
  }
}

export async function failure(response: Response): Promise<DocuBotError> {
  const body = await response.text().catch(() => "");
  return problemOf(response.status, body, (name) => response.headers.get(name));
}

export function enc(text: string): string {
  return encodeURIComponent(text);
}
