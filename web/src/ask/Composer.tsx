import { ArrowUp, Square, X } from "lucide-react";
import { type KeyboardEvent, useRef, useState } from "react";
import { useWorkspace } from "../app/workspace";
import { isBusy } from "../client";
import { useText } from "../i18n";
import { IconButton } from "../ui/Button";
import s from "./Composer.module.css";
import { useLiveAnswer } from "./live";

interface Props {
  onAsk(question: string): void;
  followUp: boolean;
}

const LONGEST = 4000;

export function Composer({ onAsk, followUp }: Props) {
  const text = useText();
  const { scope, limitTo } = useWorkspace();
  const { state, stop } = useLiveAnswer();
  const [question, setQuestion] = useState("");
  const field = useRef<HTMLTextAreaElement>(null);
  const busy = isBusy(state);
  const placeholder = followUp ? text.ask.placeholderMore : text.ask.placeholder;

  const send = () => {
    const wanted = question.trim();
    if (!wanted || busy) return;
    setQuestion("");
    onAsk(wanted);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // While an input method composes, Enter chooses a word.
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };
  return (
    <form
      className={s.composer}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {scope.length > 0 && (
        <div className={s.scope}>
          <span dir="auto" title={scope.map(({ filename }) => filename).join("\n")}>
            {scope.length === 1 ? scope[0]?.filename : text.ask.scope(scope.length)}
          </span>
          <IconButton icon={X} size={13} label={text.ask.clearScope} onClick={() => limitTo([])} />
        </div>
      )}
      <textarea
        ref={field}
        data-question
        dir="auto"
        rows={1}
        // biome-ignore lint/a11y/noAutofocus: the one thing to do on this view
        autoFocus
        maxLength={LONGEST}
        value={question}
        aria-label={placeholder}
        aria-keyshortcuts="/"
        placeholder={placeholder}
        onChange={(event) => setQuestion(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <div className={s.foot}>
        <small>{text.ask.hint}</small>
        {busy ? (
          <button
            type="button"
            className={s.send}
            onClick={stop}
            aria-label={text.ask.stop}
            title={text.ask.stop}
          >
            <Square size={13} fill="currentColor" aria-hidden />
          </button>
        ) : (
          <button
            type="submit"
            className={s.send}
            disabled={!question.trim()}
            aria-label={text.ask.send}
            title={text.ask.send}
          >
            <ArrowUp size={17} aria-hidden />
          </button>
        )}
      </div>
    </form>
  );
}
