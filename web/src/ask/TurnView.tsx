import { RotateCcw } from "lucide-react";
import type { Sentence } from "../client";
import { useText } from "../i18n";
import { Button } from "../ui/Button";
import { Note, Trouble } from "../ui/Note";
import { AnswerActions } from "./AnswerActions";
import { AnswerText } from "./AnswerText";
import { NotFound } from "./NotFound";
import { Rebuild } from "./Rebuild";
import { SourceList } from "./SourceList";
import s from "./TurnView.module.css";
import type { Turn } from "./turn";

interface Props {
  turn: Turn;
  /** Asked while the page was open: it gets the whole height, so that nothing jumps while it is written. */
  fresh: boolean;
  conversation: string | null;
  /** Key of the source that is open. */
  open: string | null;
  onOpen(key: string | null): void;
  onAgain(): void;
}

export function TurnView({ turn, fresh, conversation, open, onOpen, onAgain }: Props) {
  const text = useText();
  const { key, question, phase, answer, error } = turn;
  return (
    <article className={s.turn} data-turn={key} data-phase={phase} data-fresh={fresh}>
      <h2 className={s.question} dir="auto">
        <span className="visually-hidden">{text.ask.you}: </span>
        {question}
      </h2>
      {answer?.standalone && (
        <p className={s.standalone}>
          {text.ask.standalone}: <span dir="auto">{answer.standalone}</span>
        </p>
      )}
      <section aria-label={text.ask.answer} className={s.body}>
        <Said turn={turn} open={open} onOpen={onOpen} />
        {turn.reconnecting && <Note tone="warn">{text.ask.reconnecting}</Note>}
        {phase === "stopped" && <Note tone="info">{text.ask.stopped}</Note>}
        {error && (
          <Trouble
            code={error.code}
            message={error.message}
            requestId={error.requestId}
            actions={error.code === "embedding_mismatch" && <Rebuild />}
          />
        )}
        {(phase === "stopped" || phase === "failed") && (
          <div>
            <Button small icon={RotateCcw} onClick={onAgain}>
              {text.ask.again}
            </Button>
          </div>
        )}
        {answer && <AnswerActions turn={turn} answer={answer} conversation={conversation} />}
      </section>
    </article>
  );
}

const NONE: readonly Sentence[] = [];

function Said({ turn, open, onOpen }: Pick<Props, "turn" | "open" | "onOpen">) {
  const text = useText();
  const { phase, answer, citations, passages } = turn;
  if (answer?.status === "not_found") return <NotFound answer={answer} open={open} onOpen={onOpen} />;
  if (!turn.text && phase === "searching") {
    return (
      <p className={s.waiting} role="status">
        {passages.length ? text.ask.reading(passages.length) : text.ask.searching}
      </p>
    );
  }
  const number = open?.startsWith("c") ? Number(open.slice(1)) : null;
  const show = (cited: number) => onOpen(`c${cited}`);
  return (
    <>
      <AnswerText
        text={turn.text}
        citations={citations}
        sentences={answer?.sentences ?? NONE}
        markdown={answer?.mode !== "extract"}
        writing={phase === "writing"}
        open={number}
        onOpen={show}
      />
      {answer && <SourceList citations={citations} open={number} onOpen={show} />}
    </>
  );
}
