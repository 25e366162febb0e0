import { type FormEvent, useState } from "react";
import { DocuBotError } from "../client";
import { useText } from "../i18n";
import { Button } from "../ui/Button";
import { Field } from "../ui/Field";
import { Note, Trouble } from "../ui/Note";
import s from "./SignIn.module.css";

interface Props {
  /** Whether the server knows the key. */
  check(key: string): Promise<boolean>;
  onKey(key: string): void;
}

type Outcome = "idle" | "asking" | "wrong" | DocuBotError;

/** Stands in the place of everything else while the server wants a key. */
export function SignIn({ check, onKey }: Props) {
  const text = useText();
  const [key, setKey] = useState("");
  const [outcome, setOutcome] = useState<Outcome>("idle");
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setOutcome("asking");
    try {
      if (await check(key.trim())) onKey(key.trim());
      else setOutcome("wrong");
    } catch (error) {
      setOutcome(error instanceof DocuBotError ? error : new DocuBotError("unknown", String(error)));
    }
  };
  return (
    <main className={s.place}>
      <form className={s.form} onSubmit={submit}>
        <h1>
          <img src="./favicon.svg" width={28} height={28} alt="" />
          DocuBot
        </h1>
        <Field
          label={text.session.key}
          hint={text.session.hint}
          type="password"
          autoComplete="current-password"
          spellCheck={false}
          required
          autoFocus
          value={key}
          onChange={(event) => setKey(event.target.value)}
        />
        <Button kind="primary" type="submit" disabled={!key.trim() || outcome === "asking"}>
          {text.session.signIn}
        </Button>
        {outcome === "wrong" && (
          <Note tone="bad" role="alert">
            {text.session.wrong}
          </Note>
        )}
        {outcome instanceof DocuBotError && <Trouble code={outcome.code} message={outcome.message} />}
      </form>
    </main>
  );
}
