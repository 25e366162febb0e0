/** What a page shows of a job, as a pure function of its events. */
import type { JobEvent, JobStatus } from "./types";

export interface JobState {
  status: JobStatus;
  stage: string | null;
  /** 0..1 */
  progress: number;
  /** Of the running stage, as { done: 12, of: 117, unit: "pages" }. */
  counts: { done: number; of: number; unit: string } | null;
  attempt: number;
  /** Why it failed, or why it is tried again. */
  error: { code: string; message: string } | null;
  /** Seconds after which it is tried again; null when nothing has to wait. */
  retryIn: number | null;
}

export const QUEUED: JobState = {
  status: "queued",
  stage: null,
  progress: 0,
  counts: null,
  attempt: 1,
  error: null,
  retryIn: null,
};

export function isOver(state: JobState): boolean {
  return state.status !== "queued" && state.status !== "running";
}

export function jobReducer(state: JobState, event: JobEvent): JobState {
  return STEPS[event.type]?.(state, event.data) ?? state;
}

type Data = JobEvent["data"];

const STEPS: Record<string, (state: JobState, data: Data) => JobState> = {
  queued: () => QUEUED,
  started: (state, data) => ({
    ...state,
    status: "running",
    attempt: number(data.attempt) ?? state.attempt,
    error: null,
    retryIn: null,
  }),
  stage: (state, data) => ({
    ...state,
    status: "running",
    stage: text(data.stage) ?? state.stage,
    progress: number(data.progress) ?? state.progress,
    counts: null,
  }),
  progress: (state, data) => ({
    ...state,
    status: "running",
    stage: text(data.stage) ?? state.stage,
    progress: Math.max(state.progress, number(data.progress) ?? 0),
    counts: counts(data),
  }),
  retrying: (state, data) => ({
    ...state,
    status: "queued",
    counts: null,
    error: failure(data),
    retryIn: number(data.wait_seconds),
  }),
  finished: (state, data) => {
    const status = (text(data.status) ?? "succeeded") as JobStatus;
    const whole = status === "succeeded" || status === "succeeded_with_warnings";
    return { ...state, status, progress: whole ? 1 : state.progress, retryIn: null, error: failure(data) };
  },
};

/** The one number beside `of` whose name is not the progress itself is what is counted. */
function counts(data: Data): JobState["counts"] {
  const of = number(data.of);
  const counted = Object.entries(data).find(
    ([name, value]) => typeof value === "number" && name !== "of" && name !== "progress",
  );
  return of === null || !counted ? null : { done: counted[1] as number, of, unit: counted[0] };
}

/** `finished` names them error_code and error_message, `retrying` code and message. */
function failure(data: Data): JobState["error"] {
  const code = text(data.error_code) ?? text(data.code);
  return code ? { code, message: text(data.error_message) ?? text(data.message) ?? "" } : null;
}

function number(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}

function text(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
