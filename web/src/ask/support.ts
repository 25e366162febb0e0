/** How far the sources carry a sentence, as the page marks it. */
import type { Sentence } from "../client";

export type Support = "full" | "weak" | "none";

/** Below this share of what a sentence says its sources count as weak; the server doubts its model's markers here. */
const WEAK = 0.25;

export function supportOf(sentence: Sentence, text: string): Support {
  // "The manual says:" only leads in.
  if (/[:：]\s*$/u.test(text)) return "full";
  if (!sentence.citations.length) return "none";
  return sentence.support < WEAK ? "weak" : "full";
}
