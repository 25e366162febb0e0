import { describe, expect, it } from "vitest";
import { type AskAction, askReducer, IDLE, isBusy } from "./askState";
import { isOver, jobReducer, QUEUED } from "./jobState";
import { networkError } from "./problem";
import type { Answer, AskEvent, Citation, JobEvent } from "./types";

const told = (...events: AskEvent[]): AskAction => ({ type: "events", events });
const started: AskEvent = { type: "started", conversation_id: null, message_id: "m1", mode: "generate" };
const citation = (number: number, quote: string) => ({ number, quote }) as Citation;
const play = (...actions: AskAction[]) => actions.reduce(askReducer, IDLE);

describe("askReducer", () => {
  it("gathers text and citations, each number once", () => {
    const state = play(
      { type: "asked", question: "Why?" },
      told(started, { type: "delta", text: "Be" }, { type: "citation", citation: citation(1, "old") }),
      told({ type: "delta", text: "cause" }, { type: "citation", citation: citation(1, "new") }),
    );
    expect(state).toMatchObject({ phase: "writing", question: "Why?", messageId: "m1", text: "Because" });
    expect(state.citations.map(({ quote }) => quote)).toEqual(["new"]);
    expect(isBusy(state)).toBe(true);
  });

  it("lets the whole answer replace what was gathered", () => {
    const answer = { answer: "Because [1].", citations: [citation(1, "q")], passages: [], message_id: "m1" };
    const state = play(
      { type: "asked", question: "Why?" },
      told(started, { type: "delta", text: "Be" }),
      told({ type: "done", answer: answer as unknown as Answer }),
    );
    expect(state).toMatchObject({ phase: "done", text: "Because [1].", messageId: "m1" });
    expect(isBusy(state)).toBe(false);
  });

  it("begins again when the server does", () => {
    const again = told({ ...started, message_id: "m2" }, { type: "delta", text: "New" });
    const state = play(
      { type: "asked", question: "Why?" },
      told(started, { type: "delta", text: "Old" }),
      again,
    );
    expect(state).toMatchObject({ question: "Why?", text: "New", messageId: "m2" });
  });

  it("shows a drop until something comes, and keeps the text of what failed or was stopped", () => {
    const half = [
      { type: "asked", question: "Why?" },
      told(started, { type: "delta", text: "Half" }),
    ] as const;
    expect(play(...half, { type: "dropped" }).reconnecting).toBe(true);
    expect(play(...half, { type: "dropped" }, told({ type: "delta", text: "." })).reconnecting).toBe(false);
    expect(play(...half, { type: "stopped" })).toMatchObject({ phase: "stopped", text: "Half" });
    const error = networkError(null);
    expect(play(...half, { type: "failed", error })).toMatchObject({ phase: "failed", text: "Half", error });
    expect(play({ type: "stopped" }).phase).toBe("idle");
  });
});

describe("jobReducer", () => {
  const step = (type: string, data: JobEvent["data"] = {}): JobEvent => ({
    number: 1,
    type,
    data,
    created_at: "",
  });
  const job = (...steps: JobEvent[]) => steps.reduce(jobReducer, QUEUED);

  it("knows stage, share and pages", () => {
    const state = job(
      step("started", { attempt: 1 }),
      step("stage", { stage: "parse", progress: 0 }),
      step("progress", { stage: "parse", progress: 0.1, pages: 12, of: 117 }),
    );
    expect(state).toMatchObject({ status: "running", stage: "parse", progress: 0.1 });
    expect(state.counts).toEqual({ done: 12, of: 117, unit: "pages" });
    expect(jobReducer(state, step("stage", { stage: "embed", progress: 0.25 })).counts).toBeNull();
  });

  it("tells why it waits, and forgets that when it goes on", () => {
    const waiting = job(
      step("retrying", { code: "embeddings_unavailable", message: "Away.", wait_seconds: 4 }),
    );
    expect(waiting).toMatchObject({
      status: "queued",
      retryIn: 4,
      error: { code: "embeddings_unavailable" },
    });
    expect(jobReducer(waiting, step("started", { attempt: 2 }))).toMatchObject({
      error: null,
      retryIn: null,
      attempt: 2,
    });
  });

  it("ends whole, failed or cancelled", () => {
    expect(job(step("finished", { status: "succeeded_with_warnings" }))).toMatchObject({
      progress: 1,
      error: null,
    });
    const failed = job(
      step("finished", { status: "failed", error_code: "empty_file", error_message: "Empty." }),
    );
    expect(failed).toMatchObject({ status: "failed", error: { code: "empty_file", message: "Empty." } });
    expect(isOver(failed)).toBe(true);
    expect(isOver(job(step("started")))).toBe(false);
  });

  it("passes over steps that it does not know", () => {
    expect(job(step("weather", { sun: true }))).toBe(QUEUED);
  });
});
