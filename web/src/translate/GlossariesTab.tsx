import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { keys } from "../app/queries";
import { href, navigate } from "../app/routes";
import { DocuBotError, useDocuBot } from "../client";
import { useFormat, useText } from "../i18n";
import { Button } from "../ui/Button";
import { cx } from "../ui/cx";
import { Dialog } from "../ui/Dialog";
import { Field } from "../ui/Field";
import { Trouble } from "../ui/Note";
import s from "./DocumentsTab.module.css";
import { GlossaryEditor } from "./GlossaryEditor";
import { LanguageSelect } from "./LanguageSelect";
import { useGlossaries } from "./queries";

export function GlossariesTab({ chosen }: { chosen: string | null }) {
  const text = useText();
  const format = useFormat();
  const { data = [] } = useGlossaries();
  const [making, setMaking] = useState(false);
  const found = data.find(({ name }) => name === chosen);
  const pair = (source: string | null, target: string | null) =>
    [source, target].map((code) => (code ? format.language(code) : text.glossary.any)).join(" → ");
  return (
    <div className={s.split}>
      <div className={s.choose}>
        <Button icon={Plus} onClick={() => setMaking(true)}>
          {text.glossary.make}
        </Button>
        <ul className={s.list} aria-label={text.translate.tabs.glossaries}>
          {data.map(({ name, source, target, terms }) => (
            <li key={name}>
              <a
                href={href({ view: "translate", tab: "glossaries", item: name })}
                className={cx(name === chosen && s.chosen)}
                aria-current={name === chosen ? "true" : undefined}
              >
                <span dir="auto">{name}</span>
                <small>
                  {pair(source, target)} · {text.glossary.terms(terms.length)}
                </small>
              </a>
            </li>
          ))}
        </ul>
      </div>
      <div className={s.panel}>
        {found ? (
          <GlossaryEditor key={`${found.name} ${found.version}`} glossary={found} />
        ) : (
          <p className={s.none}>{text.glossary.none}</p>
        )}
      </div>
      {making && <NewGlossary onClose={() => setMaking(false)} />}
    </div>
  );
}

function NewGlossary({ onClose }: { onClose(): void }) {
  const text = useText();
  const client = useDocuBot();
  const cache = useQueryClient();
  const [name, setName] = useState("");
  const [source, setSource] = useState("");
  const [target, setTarget] = useState("");
  const create = useMutation({
    mutationFn: () =>
      client.translation.createGlossary(name.trim(), {
        source: source || null,
        target: target || null,
        terms: [],
      }),
    onSuccess: async (made) => {
      await cache.invalidateQueries({ queryKey: keys.glossaries });
      onClose();
      navigate({ view: "translate", tab: "glossaries", item: made.name });
    },
  });
  const error = create.error instanceof DocuBotError ? create.error : null;
  return (
    <Dialog
      title={text.glossary.make}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{text.app.cancel}</Button>
          <Button kind="primary" disabled={!name.trim() || create.isPending} onClick={() => create.mutate()}>
            {text.collections.create}
          </Button>
        </>
      }
    >
      <Field
        label={text.glossary.name}
        value={name}
        autoFocus
        onChange={(event) => setName(event.target.value)}
      />
      <LanguageSelect
        label={text.translate.source}
        value={source}
        open={text.glossary.any}
        onChoose={setSource}
      />
      <LanguageSelect
        label={text.translate.target}
        value={target}
        open={text.glossary.any}
        onChoose={setTarget}
      />
      {error && <Trouble code={error.code} message={error.message} />}
    </Dialog>
  );
}
