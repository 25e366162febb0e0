/** A question and its answer, whether stored or still being written. */
import type { Answer, AskState, Citation, DocuBotError, Message, Passage } from "../client";

export interface Turn {
  key: string;
  question: string;
  phase: "searching" | "writing" | "done" | "failed" | "stopped";
  text: string;
  citations: readonly Citation[];
  passages: readonly Passage[];
  /** Null until it is whole. */
  answer: Answer | null;
  reconnecting: boolean;
  error: DocuBotError | null;
  rating: Message["rating"];
  note: string | null;
}

export function storedTurn({ id, question, answer, rating, note }: Message): Turn {
  const { answer: text, citations, passages } = answer;
  return {
    key: id,
    question,
    phase: "done",
    text,
    citations,
    passages,
    answer,
    reconnecting: false,
    error: null,
    rating,
    note,
  };
}

export function liveTurn(state: AskState): Turn | null {
  const { phase, question, messageId, text, citations, passages, answer, reconnecting, error } = state;
  if (phase === "idle") return null;
  const key = messageId ?? "live";
  return {
    key,
    question,
    phase,
    text,
    citations,
    passages,
    answer,
    reconnecting,
    error,
    rating: null,
    note: null,
  };
}
