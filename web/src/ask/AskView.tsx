import { useEffect, useMemo, useRef, useState } from "react";
import { useConversation } from "../app/queries";
import type { AskRoute } from "../app/routes";
import { useShortcuts } from "../app/shortcuts";
import { useWorkspace } from "../app/workspace";
import { type AskState, DocuBotError, isBusy, isOver } from "../client";
import { useLibrary } from "../documents/library";
import { useText } from "../i18n";
import { EvidencePane } from "../page/EvidencePane";
import { citationTarget, passageTarget, type Target } from "../page/target";
import { Button } from "../ui/Button";
import { Trouble } from "../ui/Note";
import { Scroller } from "../ui/Scroller";
import s from "./AskView.module.css";
import { Composer } from "./Composer";
import { useFollow } from "./follow";
import { useLiveAnswer } from "./live";
import { Splitter } from "./Splitter";
import { inOrder } from "./sources";
import { TurnView } from "./TurnView";
import { liveTurn, storedTurn, type Turn } from "./turn";
import { Welcome } from "./Welcome";

interface Props {
  route: AskRoute;
  onNew(): void;
}

/** Which source of which turn is open; `key` is a target's. */
interface Open {
  turn: string;
  key: string;
}

export function AskView({ route, onNew }: Props) {
  const text = useText();
  const { collection, choose, scope } = useWorkspace();
  const live = useLiveAnswer();
  const { data, error, isPending } = useConversation(route.conversation);
  const [open, setOpen] = useState<Open | null>(() => opened(route));
  const written = live.conversation === route.conversation;
  const turns = useTurns(data?.messages, written ? live.state : null);
  const thread = useRef<HTMLElement>(null);

  useEffect(() => {
    // A link may lead to a conversation of another collection.
    if (data && data.collection !== collection) choose(data.collection);
  }, [data, collection, choose]);

  useArrival(route.message, turns.length > 0);
  const asked = written && live.state.phase === "searching";
  useEffect(() => {
    if (asked) thread.current?.querySelector("[data-turn]:last-child")?.scrollIntoView({ block: "start" });
  }, [asked]);
  useFollow(thread, written && isBusy(live.state));

  const turn = turns.find(({ key }) => key === open?.turn);
  const targets = useMemo(() => (turn ? targetsOf(turn) : []), [turn]);
  const at = targets.findIndex(({ key }) => key === open?.key);
  const show = (to: number) => {
    const target = targets[to];
    if (turn && target) setOpen({ turn: turn.key, key: target.key });
  };
  const first = () => {
    const last = turns.findLast(({ citations }) => citations.length);
    const [source] = last ? targetsOf(last) : [];
    if (last && source) setOpen({ turn: last.key, key: source.key });
  };
  const step = (by: number) => () => (at < 0 ? first() : show(at + by));
  const close = () => setOpen(null);
  useShortcuts({
    j: step(1),
    k: step(-1),
    ArrowRight: step(1),
    ArrowLeft: step(-1),
    Escape: close,
  });

  const ask = (question: string) => {
    setOpen(null);
    live.ask({
      question,
      collection,
      ...(route.conversation && { conversation_id: route.conversation }),
      ...(scope.length && { document_ids: scope.map(({ id }) => id) }),
    });
  };
  const composer = (
    <>
      <Indexing />
      <Composer onAsk={ask} followUp={turns.length > 0} />
    </>
  );
  const gone = error instanceof DocuBotError ? error : null;
  const fresh = route.conversation === null && !turns.length;

  return (
    <div className={s.view} data-open={at >= 0}>
      <div className={s.column}>
        {gone && (
          <div className={s.gone}>
            <Trouble
              code={gone.code}
              message={gone.message}
              actions={
                <Button small onClick={onNew}>
                  {text.nav.newQuestion}
                </Button>
              }
            />
          </div>
        )}
        {fresh && <Welcome>{composer}</Welcome>}
        {!fresh && !gone && (
          <>
            <Scroller ref={thread} className={s.thread} aria-label={text.ask.thread}>
              <div className={s.turns}>
                {isPending && route.conversation && !turns.length && <p>{text.app.loading}</p>}
                {turns.map((one) => (
                  <TurnView
                    key={one.key}
                    turn={one}
                    fresh={one.key === live.state.messageId || one.key === "live"}
                    conversation={one.answer?.conversation_id ?? route.conversation}
                    open={open?.turn === one.key ? open.key : null}
                    onOpen={(key) => setOpen(key === null ? null : { turn: one.key, key })}
                    onAgain={() => ask(one.question)}
                  />
                ))}
              </div>
            </Scroller>
            <div className={s.dock}>{composer}</div>
          </>
        )}
      </div>
      {at >= 0 && (
        <>
          <Splitter />
          <div className={s.evidence}>
            <EvidencePane targets={targets} at={at} onMove={show} onClose={close} />
          </div>
        </>
      )}
    </div>
  );
}

/** Says so while documents are still on their way in. */
function Indexing() {
  const text = useText();
  const { jobs } = useLibrary();
  const left = [...jobs.values()].filter((job) => !isOver(job)).length;
  return left > 0 && <p className={s.indexing}>{text.ask.indexing(left)}</p>;
}

/** What is stored, and behind it what is being written, unless that is stored by now. */
function useTurns(
  messages: readonly Parameters<typeof storedTurn>[0][] | undefined,
  state: AskState | null,
): Turn[] {
  return useMemo(() => {
    const stored = (messages ?? []).map(storedTurn);
    const written = state && liveTurn(state);
    if (!written || stored.some(({ key }) => key === written.key)) return stored;
    return [...stored, written];
  }, [messages, state]);
}

/** What can be opened of a turn: its citations by number; of one that found nothing, the closest passages. */
function targetsOf({ citations, passages, answer }: Turn): Target[] {
  if (answer?.status === "not_found") return passages.map(passageTarget);
  return inOrder(citations).map((citation) => citationTarget(citation, passages));
}

function opened({ message, citation }: Props["route"]): Open | null {
  return message && citation ? { turn: message, key: `c${citation}` } : null;
}

/** A shared link leads to its answer. */
function useArrival(message: string | null, ready: boolean): void {
  const arrived = useRef(false);
  useEffect(() => {
    if (!ready || arrived.current) return;
    arrived.current = true;
    const turns = [...document.querySelectorAll<HTMLElement>("[data-turn]")];
    const turn = message ? turns.find(({ dataset }) => dataset.turn === message) : turns.at(-1);
    turn?.scrollIntoView({ block: "start" });
  }, [message, ready]);
}
