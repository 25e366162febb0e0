/** Every failure that a caller may see is a DocuBotError; branch on `code`, which is stable. */
import type { Problem } from "./types";

export class DocuBotError extends Error {
  override readonly name = "DocuBotError";

  constructor(
    /** The server's code (docs/errors.md), or `network_error` and `bad_answer`, which are this client's own. */
    readonly code: string,
    message: string,
    /** The HTTP status; 0 when the server was not reached. */
    readonly status = 0,
    readonly requestId: string | null = null,
    /** Seconds that the server asks to wait. */
    readonly retryAfter: number | null = null,
    /** The whole problem object, with field errors and extensions. */
    readonly problem: Partial<Problem> & Record<string, unknown> = {},
  ) {
    super(message);
  }

  /** Whether the same call may succeed later: the server was not reached, or said that it is not able right now. */
  get temporary(): boolean {
    return this.status === 0 ? this.code === "network_error" : [429, 502, 503, 504].includes(this.status);
  }
}

export function networkError(cause: unknown): DocuBotError {
  const detail = cause instanceof Error && cause.message ? ` (${cause.message})` : "";
  return new DocuBotError("network_error", `The server cannot be reached${detail}.`);
}

/** The error in a response that is not ok, whether DocuBot or a proxy before it wrote the body. */
export function problemOf(
  status: number,
  body: string,
  header: (name: string) => string | null,
): DocuBotError {
  const found = parse(body);
  const wait = Number.parseFloat(header("Retry-After") ?? "");
  return new DocuBotError(
    text(found.code) ?? `http_${status}`,
    text(found.detail) ?? text(found.title) ?? `The server answered with status ${status}.`,
    status,
    text(found.request_id) ?? header("X-Request-ID"),
    Number.isFinite(wait) ? wait : null,
    found,
  );
}

/** A problem that came as data: in an event, or on one file of an upload. */
export function problemIn(data: unknown): DocuBotError {
  const found = isObject(data) ? data : {};
  return problemOf(typeof found.status === "number" ? found.status : 500, JSON.stringify(found), () => null);
}

export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}

function parse(body: string): Record<string, unknown> {
  try {
    const found: unknown = JSON.parse(body);
    return isObject(found) ? found : {};
  } catch {
    return {};
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function text(value: unknown): string | null {
  return typeof value === "string" && value ? value : null;
}
