import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Languages } from "lucide-react";
import { useState } from "react";
import { keys } from "../app/queries";
import { remember, remembered } from "../app/storage";
import { DocuBotError, type TranslateDocument, useDocuBot } from "../client";
import { useFormat, useText } from "../i18n";
import { Button } from "../ui/Button";
import { Note, Trouble } from "../ui/Note";
import { Select } from "../ui/Select";
import { type Form, formsOf } from "./forms";
import { GlossarySelect } from "./GlossarySelect";
import { LanguageSelect } from "./LanguageSelect";
import s from "./TranslationsPanel.module.css";

interface Props {
  documentId: string;
  /** The document's. */
  mediaType: string;
}

export function NewTranslation({ documentId, mediaType }: Props) {
  const text = useText();
  const format = useFormat();
  const client = useDocuBot();
  const cache = useQueryClient();
  const [source, setSource] = useState("");
  const [target, setTarget] = useState(() => remembered("target") ?? "en");
  const forms = formsOf(mediaType);
  const [form, setForm] = useState(forms[0] ?? "markdown");
  const [glossary, setGlossary] = useState("");
  const wanted: TranslateDocument = {
    target,
    output: form,
    source: source || null,
    glossary: glossary || null,
  };

  const estimate = useMutation({ mutationFn: () => client.translation.estimate(documentId, wanted) });
  const start = useMutation({
    mutationFn: () => client.translation.start(documentId, wanted),
    onSuccess: (made) => {
      remember("target", target);
      cache.setQueryData(keys.translation(made.id), made);
      void cache.invalidateQueries({ queryKey: keys.translations(documentId) });
    },
  });
  /** What was estimated or refused was another wish. */
  const change =
    <T,>(set: (value: T) => void) =>
    (value: T) => {
      estimate.reset();
      start.reset();
      set(value);
    };
  const error = start.error ?? estimate.error;
  const cost = estimate.data;
  const tokens = cost && format.short(cost.prompt_tokens + cost.completion_tokens);
  return (
    <form
      className={s.form}
      onSubmit={(event) => {
        event.preventDefault();
        start.mutate();
      }}
    >
      <div className={s.choices}>
        <LanguageSelect
          label={text.translate.source}
          value={source}
          open={text.translate.auto}
          onChoose={change(setSource)}
        />
        <LanguageSelect label={text.translate.target} value={target} onChoose={change(setTarget)} />
        <Select
          label={text.translations.form}
          value={form}
          onChange={(event) => change(setForm)(event.target.value as Form)}
        >
          {forms.map((one) => (
            <option key={one} value={one}>
              {text.translations.forms[one]}
            </option>
          ))}
        </Select>
        <GlossarySelect value={glossary} onChoose={change(setGlossary)} />
      </div>
      {form === "pdf" && <p className={s.hint}>{text.translations.pdfHint}</p>}
      <div className={s.actions}>
        <Button kind="primary" type="submit" icon={Languages} disabled={start.isPending}>
          {text.translations.start}
        </Button>
        <Button disabled={estimate.isPending} onClick={() => estimate.mutate()}>
          {text.translations.estimate}
        </Button>
        {cost && tokens && (
          <span className={s.estimate} role="status">
            {text.translations.estimated(cost.segments, cost.to_translate, tokens)}
            {cost.price && ` · ${text.translations.price(format.number(cost.price.total))}`}
          </span>
        )}
      </div>
      {error && <Refusal error={error} />}
    </form>
  );
}

function Refusal({ error }: { error: Error }) {
  const text = useText();
  const known = error instanceof DocuBotError ? error : new DocuBotError("unknown", error.message);
  if (known.code === "llm_not_configured") {
    return (
      <Note tone="warn" role="alert">
        {text.translate.noModel}
      </Note>
    );
  }
  return <Trouble code={known.code} message={known.message} requestId={known.requestId} />;
}
