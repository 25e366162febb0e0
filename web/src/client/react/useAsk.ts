import { useCallback, useEffect, useReducer, useRef } from "react";
import { type AskState, askReducer, IDLE } from "../askState";
import { DocuBotError, isAbort } from "../problem";
import type { AskEvent, Question } from "../types";
import { useDocuBot } from "./context";

export interface Asking {
  state: AskState;
  ask(question: Question): void;
  /** The server stops writing too. */
  stop(): void;
  clear(): void;
}

/** One answer at a time, as it is written. A component that goes away stops its answer. */
export function useAsk(): Asking {
  const client = useDocuBot();
  const [state, dispatch] = useReducer(askReducer, IDLE);
  const running = useRef<AbortController | null>(null);

  const stop = useCallback(() => {
    running.current?.abort();
    running.current = null;
    dispatch({ type: "stopped" });
  }, []);

  const ask = useCallback(
    (question: Question) => {
      running.current?.abort();
      const control = new AbortController();
      running.current = control;
      dispatch({ type: "asked", question: question.question });
      const batch = new Batch((events) => {
        // What an earlier question still had to say is not of this one.
        if (running.current === control) dispatch({ type: "events", events });
      });
      const run = async () => {
        const dropped = () => {
          if (running.current === control) dispatch({ type: "dropped" });
        };
        for await (const event of client.ask(question, control.signal, dropped)) batch.add(event);
        batch.flush();
      };
      run().catch((error: unknown) => {
        batch.flush();
        if (isAbort(error) || running.current !== control) return;
        const known = error instanceof DocuBotError ? error : new DocuBotError("bad_answer", String(error));
        dispatch({ type: "failed", error: known });
      });
    },
    [client],
  );

  const clear = useCallback(() => {
    running.current?.abort();
    running.current = null;
    dispatch({ type: "cleared" });
  }, []);

  useEffect(() => () => running.current?.abort(), []);
  return { state, ask, stop, clear };
}

/** Events of one frame are drawn together: a fast model says more words a second than a screen shows frames. */
class Batch {
  private events: AskEvent[] = [];
  private scheduled = false;

  constructor(private readonly draw: (events: AskEvent[]) => void) {}

  add(event: AskEvent): void {
    this.events.push(event);
    if (this.scheduled) return;
    this.scheduled = true;
    // Hidden pages get no frames.
    if (document.hidden) setTimeout(() => this.flush(), 100);
    else requestAnimationFrame(() => this.flush());
  }

  flush(): void {
    this.scheduled = false;
    const events = this.events;
    this.events = [];
    if (events.length) this.draw(events);
  }
}
