import { useEffect, useState } from "react";
import { type JobState, jobReducer, QUEUED } from "../jobState";
import { DocuBotError, isAbort } from "../problem";
import { useDocuBot } from "./context";

/** A job as it goes, followed until it ends; null without an id. */
export function useJob(id: string | null): JobState | null {
  const client = useDocuBot();
  const [seen, setSeen] = useState<{ id: string | null; state: JobState }>({ id: null, state: QUEUED });

  useEffect(() => {
    if (id === null) return;
    const control = new AbortController();
    const follow = async () => {
      let state = QUEUED;
      for await (const event of client.followJob(id, control.signal)) {
        state = jobReducer(state, event);
        setSeen({ id, state });
      }
    };
    follow().catch((error: unknown) => {
      if (isAbort(error)) return;
      const { code, message } = error instanceof DocuBotError ? error : { code: "bad_answer", message: "" };
      setSeen({ id, state: { ...QUEUED, status: "failed", error: { code, message } } });
    });
    return () => control.abort();
  }, [client, id]);

  if (id === null) return null;
  return seen.id === id ? seen.state : QUEUED;
}
