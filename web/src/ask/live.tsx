import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef, useState } from "react";
import { keys } from "../app/queries";
import { navigate, parseRoute } from "../app/routes";
import { DEFAULT_COLLECTION, useWorkspace } from "../app/workspace";
import { type AskState, type ConversationDetail, type Message, type Question, useAsk } from "../client";

interface LiveAnswer {
  state: AskState;
  /** The conversation that it belongs to; null while that is a new one. */
  conversation: string | null;
  ask(question: Question): void;
  stop(): void;
  /** Ends with it; the next question begins a new conversation. */
  clear(): void;
  /** Tells the view of one new conversation from the next, also after it has got its id. */
  viewOf(conversation: string | null): string;
}

/** A conversation that the page's first question began. */
interface Begun {
  times: number;
  id: string | null;
  /** Whether the address tells it: until then it stands where a new one does. */
  told: boolean;
}

const Context = createContext<LiveAnswer | null>(null);

/** The answer that is being written. It goes on while a person looks at something else. */
export function LiveAnswerProvider({ children }: { children: ReactNode }) {
  const cache = useQueryClient();
  const { state, ask: begin, stop, clear: end } = useAsk();
  const [asked, setAsked] = useState<Question | null>(null);
  const [begun, setBegun] = useState<Begun>({ times: 0, id: null, told: true });
  const { collection } = useWorkspace();
  const chosen = useRef(collection);
  const answered = state.answer?.conversation_id ?? null;
  const conversation = asked?.conversation_id ?? (begun.told ? answered : null);
  // While drawing: were the address the first to change, the whole view would be built anew.
  if (asked && !asked.conversation_id && answered && answered !== begun.id)
    setBegun({ ...begun, id: answered, told: false });

  useEffect(() => {
    chosen.current = collection;
  }, [collection]);

  useEffect(() => {
    const id = state.answer?.conversation_id;
    if (!id || !asked) return;
    keep(cache, id, asked, state);
    const route = parseRoute(location.hash);
    if (asked.conversation_id) return;
    // Who has gone on to another collection meanwhile is not led back.
    const here = (asked.collection ?? DEFAULT_COLLECTION) === chosen.current;
    if (here && route.view === "ask" && route.conversation === null)
      navigate({ ...route, conversation: id }, true);
    setBegun((before) => ({ ...before, told: true }));
  }, [cache, state, asked]);

  const value = useMemo(() => {
    const ask = (question: Question) => {
      setAsked(question);
      begin(question);
    };
    const clear = () => {
      setAsked(null);
      setBegun(({ times }) => ({ times: times + 1, id: null, told: true }));
      end();
    };
    const viewOf = (id: string | null) => (id === null || id === begun.id ? `new ${begun.times}` : id);
    return { state, conversation, ask, stop, clear, viewOf };
  }, [state, conversation, begun, begin, stop, end]);
  return <Context value={value}>{children}</Context>;
}

export function useLiveAnswer(): LiveAnswer {
  const live = useContext(Context);
  if (!live) throw new Error("useLiveAnswer works below a LiveAnswerProvider.");
  return live;
}

/** What the server stored of a finished turn, without asking for it again. */
function keep(cache: QueryClient, id: string, asked: Question, { answer, question }: AskState): void {
  if (!answer?.message_id) return;
  const now = new Date().toISOString();
  const message: Message = {
    id: answer.message_id,
    question,
    standalone: answer.standalone,
    answer,
    rating: null,
    note: null,
    created_at: now,
  };
  const collection = asked.collection ?? DEFAULT_COLLECTION;
  cache.setQueryData<ConversationDetail>(keys.conversation(id), (known) => {
    const begun = known ?? {
      id,
      collection,
      title: question,
      created_at: now,
      updated_at: now,
      messages: [],
    };
    if (begun.messages.some((stored) => stored.id === message.id)) return begun;
    return { ...begun, updated_at: now, messages: [...begun.messages, message] };
  });
  void cache.invalidateQueries({ queryKey: keys.conversations(collection) });
}
