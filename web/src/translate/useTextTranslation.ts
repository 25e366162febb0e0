/** A text on its way into another language, segment by segment. */
import { useCallback, useEffect, useRef, useState } from "react";
import { DocuBotError, type TextToTranslate, type TranslatedText, useDocuBot } from "../client";
import { isAbort } from "../client/problem";

export interface TextState {
  phase: "idle" | "busy" | "done" | "failed";
  text: string;
  answer: TranslatedText | null;
  error: DocuBotError | null;
}

const IDLE: TextState = { phase: "idle", text: "", answer: null, error: null };

export function useTextTranslation() {
  const client = useDocuBot();
  const [state, setState] = useState(IDLE);
  const control = useRef<AbortController>(null);

  const stop = useCallback(() => {
    control.current?.abort();
    setState((before) => (before.phase === "busy" ? { ...before, phase: "idle" } : before));
  }, []);
  useEffect(() => () => control.current?.abort(), []);

  const translate = useCallback(
    async (wanted: TextToTranslate) => {
      control.current?.abort();
      const own = new AbortController();
      control.current = own;
      setState({ ...IDLE, phase: "busy" });
      try {
        let at = 0;
        for await (const event of client.translation.text(wanted, own.signal)) {
          if (event.type === "done")
            setState({ phase: "done", text: event.answer.translatedText, answer: event.answer, error: null });
          else {
            const { start, end, translation, source } = event.segment;
            // What lies between two segments, as blank lines, is not translated.
            const between = codePoints(wanted.q, at, start);
            at = end;
            setState((before) => ({
              ...before,
              text: before.text + between + (translation ?? source ?? ""),
            }));
          }
        }
      } catch (error) {
        if (own.signal.aborted || isAbort(error)) return;
        const known = error instanceof DocuBotError ? error : new DocuBotError("unknown", String(error));
        setState((before) => ({ ...before, phase: "failed", error: known }));
      }
    },
    [client],
  );
  const clear = useCallback(() => {
    control.current?.abort();
    setState(IDLE);
  }, []);
  return { state, translate, stop, clear };
}

/** The server counts code points. */
function codePoints(text: string, start: number, end: number): string {
  return start < end ? [...text].slice(start, end).join("") : "";
}
