import { useQuery } from "@tanstack/react-query";
import { ArrowLeftRight, Copy, X } from "lucide-react";
import { useEffect, useState } from "react";
import { remember, remembered } from "../app/storage";
import { useDocuBot } from "../client";
import { useFormat, useLanguage, useText } from "../i18n";
import { Button, IconButton } from "../ui/Button";
import { Note, Trouble } from "../ui/Note";
import { useToasts } from "../ui/Toasts";
import { GlossarySelect } from "./GlossarySelect";
import { LanguageSelect } from "./LanguageSelect";
import s from "./TextTab.module.css";
import { useTextTranslation } from "./useTextTranslation";

/** Milliseconds without a key before the language is asked for. */
const QUIET = 500;

export function TextTab() {
  const text = useText();
  const { locale } = useLanguage();
  const [source, setSource] = useState("");
  const [target, setTarget] = useState(
    () => remembered("target") ?? (locale === "en" ? "es" : locale === "zh" ? "zh-Hans" : locale),
  );
  const [glossary, setGlossary] = useState("");
  const [given, setGiven] = useState("");
  const { state, translate, stop, clear } = useTextTranslation();
  const detected = useDetected(source ? "" : given);
  const ready = given.trim() !== "" && state.phase !== "busy";

  const go = () => {
    if (!ready) return;
    remember("target", target);
    void translate({ q: given, source: source || "auto", target, ...(glossary && { glossary }) });
  };
  const swap = () => {
    setSource(target);
    setTarget(source || detected?.language || "en");
    if (state.text) setGiven(state.text);
    clear();
  };
  return (
    <form
      className={s.text}
      onSubmit={(event) => {
        event.preventDefault();
        go();
      }}
    >
      <div className={s.choices}>
        <LanguageSelect
          label={text.translate.source}
          value={source}
          open={text.translate.auto}
          onChoose={setSource}
        />
        <IconButton icon={ArrowLeftRight} label={text.translate.swap} onClick={swap} />
        <LanguageSelect label={text.translate.target} value={target} onChoose={setTarget} />
        <GlossarySelect value={glossary} onChoose={setGlossary} />
      </div>
      <div className={s.sides}>
        <div className={s.side}>
          <textarea
            aria-label={text.translate.yourText}
            placeholder={text.translate.placeholder}
            dir="auto"
            lang={source || detected?.language}
            value={given}
            onChange={(event) => setGiven(event.target.value)}
            onKeyDown={(event) => {
              if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
              event.preventDefault();
              go();
            }}
          />
          <div className={s.foot}>
            <Detected found={detected} characters={[...given].length} />
            {given && (
              <IconButton
                icon={X}
                size={14}
                label={text.translate.clear}
                onClick={() => {
                  setGiven("");
                  clear();
                }}
              />
            )}
          </div>
        </div>
        <Outcome state={state} target={target} />
      </div>
      <div className={s.act}>
        {state.phase === "busy" ? (
          <Button onClick={stop}>{text.translate.stop}</Button>
        ) : (
          <Button kind="primary" type="submit" disabled={!ready}>
            {text.translate.go}
          </Button>
        )}
        <small>{text.translate.hint}</small>
      </div>
      <Findings state={state} />
    </form>
  );
}

type State = ReturnType<typeof useTextTranslation>["state"];

function Outcome({ state, target }: { state: State; target: string }) {
  const text = useText();
  const { say } = useToasts();
  const copy = () =>
    navigator.clipboard.writeText(state.text).then(
      () => say(text.app.copied),
      () => say(text.app.copyFailed),
    );
  return (
    <div className={s.side} data-translated={state.phase}>
      <output
        className={s.outcome}
        aria-label={text.translate.translation}
        aria-busy={state.phase === "busy"}
        dir="auto"
        lang={target}
      >
        {state.text || <span className={s.waiting}>{text.translate.waiting}</span>}
        {state.phase === "busy" && <span className={s.caret} aria-hidden />}
      </output>
      <div className={s.foot}>
        {state.text && <IconButton icon={Copy} size={14} label={text.translate.copy} onClick={copy} />}
      </div>
    </div>
  );
}

function Detected({
  found,
  characters,
}: {
  found: { language: string; confidence: number } | undefined;
  characters: number;
}) {
  const text = useText();
  const format = useFormat();
  return (
    <span>
      {characters > 0 && text.translate.characters(characters)}
      {found &&
        ` · ${text.translate.detected(format.language(found.language), format.share(found.confidence / 100))}`}
    </span>
  );
}

/** What went wrong, whole or in part. */
function Findings({ state }: { state: State }) {
  const text = useText();
  const { answer, error } = state;
  const failed = answer?.failed ?? [];
  const missed = answer?.missed_terms?.flatMap(({ terms }) => terms) ?? [];
  return (
    <>
      {error?.status === 503 ? (
        <Note tone="warn" role="alert">
          {text.translate.noModel}
        </Note>
      ) : (
        error && <Trouble code={error.code} message={error.message} requestId={error.requestId} />
      )}
      {failed.length > 0 && (
        <Note tone="warn" role="status">
          {text.translate.failedSome(failed.length)}
          <ul className={s.failed}>
            {failed.map(({ segment, reason }) => (
              <li key={segment} dir="auto">
                <q>{segment}</q> {text.translations.reasons[reason] ?? reason}
              </li>
            ))}
          </ul>
        </Note>
      )}
      {missed.length > 0 && <Note tone="info">{text.translate.missedTerms(missed.join(", "))}</Note>}
    </>
  );
}

/** The language of what is being written, once there is a pause. */
function useDetected(given: string) {
  const client = useDocuBot();
  const [asked, setAsked] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setAsked(given.trim().slice(0, 2000)), QUIET);
    return () => clearTimeout(timer);
  }, [given]);
  const { data } = useQuery({
    queryKey: ["detect", asked],
    queryFn: ({ signal }) => client.translation.detect(asked, signal),
    enabled: asked.length > 2,
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: (before) => before,
  });
  return given.trim().length > 2 ? data?.[0] : undefined;
}
