/** The events of one answer, through drops of the connection and even a restart of the server. */
import { DocuBotError, problemIn } from "./problem";
import { resumable } from "./resume";
import type { ServerEvent } from "./sse";
import type { Answer, AskEvent, Citation } from "./types";

export interface Asking {
  open(lastEventId: string | null, signal: AbortSignal): Promise<Response>;
  /** The answer of a turn that was stored; null when there is none. */
  storedAnswer(conversationId: string, messageId: string): Promise<Answer | null>;
  signal: AbortSignal;
  onDrop?: (() => void) | undefined;
}

/** A stream that the server lost is asked anew this many times. */
const ANEW = 2;

/**
 * Ends with `done`, or rejects. After a second `started` all that came before is void: the server was started again in
 * the middle, did not keep the answer, and the question was asked anew.
 */
export async function* askEvents(asking: Asking): AsyncGenerator<AskEvent> {
  let ids: [string, string] | null = null;
  for (let times = 0; ; times += 1) {
    try {
      for await (const event of once(asking)) {
        if (event.type === "started" && event.conversation_id)
          ids = [event.conversation_id, event.message_id];
        yield event;
      }
      return;
    } catch (error) {
      if (!(error instanceof DocuBotError) || error.code !== "stream_not_found" || times === ANEW)
        throw error;
      const answer = ids && (await asking.storedAnswer(...ids));
      if (answer) {
        yield { type: "done", answer };
        return;
      }
    }
  }
}

async function* once(asking: Asking): AsyncGenerator<AskEvent> {
  const { open, signal, onDrop } = asking;
  const isLast = ({ event }: ServerEvent) => event === "done" || event === "error";
  for await (const event of resumable({ open, signal, isLast, onDrop: () => onDrop?.() })) {
    const read = READERS[event.event];
    if (read) yield read(JSON.parse(event.data));
  }
}

type Data<T extends AskEvent["type"]> = Omit<Extract<AskEvent, { type: T }>, "type">;

/** By the event's name. Names that are new to this client are passed over. */
const READERS: Record<string, (data: unknown) => AskEvent> = {
  started: (data) => ({ type: "started", ...(data as Data<"started">) }),
  passages: (data) => ({ type: "passages", ...(data as Data<"passages">) }),
  delta: (data) => ({ type: "delta", ...(data as Data<"delta">) }),
  citation: (data) => ({ type: "citation", citation: data as Citation }),
  done: (data) => ({ type: "done", answer: data as Answer }),
  error: (data) => {
    throw problemIn(data);
  },
};
