/** Text that comes in pieces is shown evenly, a little with every frame. */
import { useEffect, useState } from "react";
import { flushSync } from "react-dom";

/** Milliseconds after which about two thirds of a piece are shown. */
const LAG = 120;
/** What stands between two frames at most, in milliseconds; after a pause the next piece is as even as the others. */
const FRAME = 50;
/** A letter or a number with all that leads to it: half a marker would be drawn as something else. */
const STEP = /(?:\[\d{1,3}\]|[^\p{L}\p{N}])*(?:\p{L}|\p{N}+)?\p{M}*/uy;

/** How much of `text` is to be shown `milliseconds` after `shown` units of it were. */
export function further(text: string, shown: number, milliseconds: number): number {
  const from = Math.min(shown, text.length);
  const wanted = from + (text.length - from) * Math.min(1, milliseconds / LAG);
  let at = from;
  while (at < wanted) {
    STEP.lastIndex = at;
    STEP.test(text);
    at = STEP.lastIndex;
  }
  return at;
}

/** What is to be seen of `text` now: all of it once it is whole, and for those who want no motion. */
export function usePaced(text: string, writing: boolean): string {
  const [shown, setShown] = useState({ to: text.length, at: 0 });
  const paced = writing && !matchMedia("(prefers-reduced-motion: reduce)").matches;
  useEffect(() => {
    if (!paced || shown.to >= text.length) return;
    const frame = requestAnimationFrame((now) => {
      const to = further(text, shown.to, Math.min(now - shown.at, FRAME));
      // In this frame, and not in a task after it.
      flushSync(() => setShown({ to, at: now }));
    });
    return () => cancelAnimationFrame(frame);
  }, [text, shown, paced]);
  return paced ? text.slice(0, shown.to) : text;
}
