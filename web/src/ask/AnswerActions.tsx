import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ClipboardCopy, Link2, ThumbsDown, ThumbsUp } from "lucide-react";
import { type FormEvent, useId, useState } from "react";
import { keys } from "../app/queries";
import { href } from "../app/routes";
import { type Answer, type ConversationDetail, useDocuBot } from "../client";
import { useText } from "../i18n";
import { Button, IconButton } from "../ui/Button";
import { Note } from "../ui/Note";
import { useToasts } from "../ui/Toasts";
import s from "./AnswerActions.module.css";
import { asMarkdown } from "./sources";
import type { Turn } from "./turn";

interface Props {
  turn: Turn;
  answer: Answer;
  conversation: string | null;
}

export function AnswerActions({ turn, answer, conversation }: Props) {
  const text = useText();
  const { say, fail } = useToasts();
  const copy = (what: string) =>
    navigator.clipboard.writeText(what).then(
      () => say(text.app.copied),
      () => fail(new Error(text.app.copyFailed)),
    );
  const words = { heading: text.ask.copyHeading, page: text.ask.pageLong };
  const link = href({ view: "ask", conversation, message: turn.key, citation: null });
  const total = answer.timings.total_ms;
  return (
    <>
      {answer.fallback && <Note tone="warn">{answer.fallback}</Note>}
      <div className={s.actions}>
        <IconButton
          icon={ClipboardCopy}
          label={text.ask.copy}
          onClick={() => void copy(asMarkdown(turn.question, turn.text, turn.citations, words))}
        />
        {conversation && (
          <IconButton
            icon={Link2}
            label={text.ask.link}
            onClick={() => void copy(new URL(link, location.href).href)}
          />
        )}
        {conversation && <Rating turn={turn} conversation={conversation} />}
        <span className={s.facts}>
          {answer.status === "partial" && <span className={s.partial}>{text.ask.partial}</span>}
          {answer.mode === "extract" && answer.status !== "not_found" && (
            <span title={text.ask.extractHint} className={s.hint}>
              {text.ask.extract}
            </span>
          )}
          {answer.usage?.model && <span>{answer.usage.model}</span>}
          {total !== undefined && <span>{text.ask.took((total / 1000).toFixed(1))}</span>}
        </span>
      </div>
    </>
  );
}

function Rating({ turn, conversation }: { turn: Turn; conversation: string }) {
  const text = useText();
  const client = useDocuBot();
  const cache = useQueryClient();
  const { say, fail } = useToasts();
  const id = useId();
  const [asking, setAsking] = useState(false);
  const [note, setNote] = useState(turn.note ?? "");

  const rate = useMutation({
    mutationFn: ({ rating, words }: { rating: "up" | "down"; words: string }) =>
      client.rate(turn.key, rating, words),
    onSuccess: (_, { rating, words }) => {
      cache.setQueryData<ConversationDetail>(keys.conversation(conversation), (known) => {
        if (!known) return known;
        const messages = known.messages.map((message) =>
          message.id === turn.key ? { ...message, rating, note: words || null } : message,
        );
        return { ...known, messages };
      });
    },
    onError: fail,
  });
  const thumb = (rating: "up" | "down") => {
    rate.mutate({ rating, words: note });
    setAsking(true);
  };
  const send = (event: FormEvent) => {
    event.preventDefault();
    rate.mutate(
      { rating: turn.rating ?? "down", words: note.trim() },
      { onSuccess: () => say(text.ask.noteThanks) },
    );
    setAsking(false);
  };
  return (
    <>
      <IconButton
        icon={ThumbsUp}
        label={text.ask.good}
        aria-pressed={turn.rating === "up"}
        onClick={() => thumb("up")}
      />
      <IconButton
        icon={ThumbsDown}
        label={text.ask.bad}
        aria-pressed={turn.rating === "down"}
        onClick={() => thumb("down")}
      />
      {asking && (
        <form className={s.note} onSubmit={send}>
          <label htmlFor={id}>{text.ask.noteLabel}</label>
          <input
            id={id}
            dir="auto"
            value={note}
            maxLength={4000}
            onChange={(event) => setNote(event.target.value)}
          />
          <Button small type="submit" disabled={!note.trim()}>
            {text.ask.noteSend}
          </Button>
        </form>
      )}
    </>
  );
}
