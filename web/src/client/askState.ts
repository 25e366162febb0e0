/** What a page shows of an answer while it is made, as a pure function of its events. */
import type { DocuBotError } from "./problem";
import type { Answer, AskEvent, Citation, Passage } from "./types";

export interface AskState {
  phase: "idle" | "searching" | "writing" | "done" | "failed" | "stopped";
  question: string;
  /** Null until the server has begun. */
  messageId: string | null;
  text: string;
  citations: readonly Citation[];
  passages: readonly Passage[];
  /** The whole answer, once it is done. */
  answer: Answer | null;
  /** The connection was lost and is being mended. */
  reconnecting: boolean;
  error: DocuBotError | null;
}

export type AskAction =
  | { type: "asked"; question: string }
  | { type: "events"; events: readonly AskEvent[] }
  | { type: "dropped" }
  | { type: "failed"; error: DocuBotError }
  | { type: "stopped" }
  | { type: "cleared" };

export const IDLE: AskState = {
  phase: "idle",
  question: "",
  messageId: null,
  text: "",
  citations: [],
  passages: [],
  answer: null,
  reconnecting: false,
  error: null,
};

export function askReducer(state: AskState, action: AskAction): AskState {
  switch (action.type) {
    case "asked":
      return { ...IDLE, phase: "searching", question: action.question };
    case "events":
      return { ...action.events.reduce(told, state), reconnecting: false };
    case "dropped":
      return { ...state, reconnecting: true };
    case "failed":
      return { ...state, phase: "failed", error: action.error, reconnecting: false };
    case "stopped":
      return isBusy(state) ? { ...state, phase: "stopped", reconnecting: false } : state;
    case "cleared":
      return IDLE;
  }
}

export function isBusy(state: AskState): boolean {
  return state.phase === "searching" || state.phase === "writing";
}

function told(state: AskState, event: AskEvent): AskState {
  switch (event.type) {
    case "started": // also the second one of a stream that was asked anew: what came before is void
      return { ...IDLE, phase: "searching", question: state.question, messageId: event.message_id };
    case "passages":
      return { ...state, passages: event.passages };
    case "delta":
      return { ...state, phase: "writing", text: state.text + event.text };
    case "citation":
      return { ...state, citations: withCitation(state.citations, event.citation) };
    case "done": {
      const { answer, citations, passages } = event.answer;
      const messageId = event.answer.message_id;
      return { ...state, phase: "done", messageId, text: answer, citations, passages, answer: event.answer };
    }
  }
}

function withCitation(known: readonly Citation[], fresh: Citation): readonly Citation[] {
  return [...known.filter(({ number }) => number !== fresh.number), fresh];
}
