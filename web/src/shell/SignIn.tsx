import { LogIn } from "lucide-react";
import { type FormEvent, useCallback, useEffect, useState } from "react";
import { type Credentials, checked, ofUser } from "../app/credentials";
import type { Returned } from "../app/returned";
import { type DocuBotClient, DocuBotError, type Entry } from "../client";
import { useText } from "../i18n";
import { Button } from "../ui/Button";
import { Field } from "../ui/Field";
import { Note, Trouble } from "../ui/Note";
import { Segments } from "../ui/Segments";
import s from "./SignIn.module.css";

interface Props {
  /** Speaks for nobody. */
  door: DocuBotClient;
  /** Whether somebody was signed in until now. */
  ended: boolean;
  /** What an issuer answered, if one just comes from there. */
  returned: Returned | null;
  /** Whether somebody signed out who had come from the issuer. */
  leftIssuer: boolean;
  onCredentials(credentials: Credentials | null): void;
}

type Way = "password" | "key";

/** Stands in the place of everything else while the server wants to know who one is. */
export function SignIn({ door, ended, returned, leftIssuer, onCredentials }: Props) {
  const text = useText();
  const [entry, setEntry] = useState<Entry | DocuBotError | null>(null);
  useEffect(() => {
    const control = new AbortController();
    door.auth.entry(control.signal).then(setEntry, (error: unknown) => {
      if (!control.signal.aborted) setEntry(known(error));
    });
    return () => control.abort();
  }, [door]);
  return (
    <main className={s.place}>
      <div className={s.form}>
        <h1>
          <img src="./favicon.svg" width={28} height={28} alt="" />
          DocuBot
        </h1>
        {ended && <Note tone="info">{text.session.ended}</Note>}
        {entry instanceof DocuBotError && (
          <Trouble
            code={entry.code}
            message={entry.message}
            actions={<Button onClick={() => onCredentials(null)}>{text.app.retry}</Button>}
          />
        )}
        {entry && !(entry instanceof DocuBotError) && (
          <Ways
            entry={entry}
            door={door}
            returned={returned}
            leftIssuer={leftIssuer}
            onCredentials={onCredentials}
          />
        )}
      </div>
    </main>
  );
}

interface WaysProps extends Omit<Props, "ended"> {
  entry: Entry;
}

function Ways({ entry, door, returned, leftIssuer, onCredentials }: WaysProps) {
  const text = useText();
  const first: Way = entry.password ? "password" : "key";
  const [way, setWay] = useState(first);
  const [chosen, setChosen] = useState(false);
  const { asking, error, attempt, forget } = useAttempt(onCredentials);
  const choose = (next: Way) => {
    setWay(next);
    setChosen(true);
    forget();
  };
  useEffect(() => {
    if (returned) void attempt(() => arrival(entry, returned));
  }, [entry, returned, attempt]);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = (name: string) => String(new FormData(event.currentTarget).get(name) ?? "");
    if (way === "key")
      void attempt(() => checked({ kind: "key", access: given("key").trim(), refresh: null }));
    else
      void attempt(async () => ofUser(await door.auth.signIn(given("username").trim(), given("password"))));
  };
  return (
    <form className={s.fields} onSubmit={submit}>
      {entry.issuer && entry.page_client && (
        <>
          <Button
            kind={entry.password ? undefined : "primary"}
            icon={LogIn}
            disabled={asking}
            onClick={() => void attempt(() => departure(entry, leftIssuer))}
          >
            {text.session.issuer(new URL(entry.issuer).host)}
          </Button>
          <p className={s.or}>{text.session.or}</p>
        </>
      )}
      {entry.password && (
        <Segments label={text.session.way} value={way} choices={text.session.ways} onChoose={choose} />
      )}
      {/* Whoever walks through the choices by keyboard stays there. */}
      {way === "key" ? <KeyField autoFocus={!chosen} /> : <PasswordFields autoFocus={!chosen} />}
      <Button
        kind={entry.page_client && !entry.password ? "plain" : "primary"}
        type="submit"
        disabled={asking}
      >
        {text.session.signIn}
      </Button>
      {error && <Trouble code={error.code} message={error.message} />}
      {error?.retryAfter && <p className={s.wait}>{text.session.wait(error.retryAfter)}</p>}
    </form>
  );
}

function PasswordFields({ autoFocus }: { autoFocus: boolean }) {
  const words = useText().session;
  return (
    <>
      <Field
        name="username"
        label={words.username}
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        required
        autoFocus={autoFocus}
      />
      <Field
        name="password"
        label={words.password}
        hint={words.hintPassword}
        type="password"
        autoComplete="current-password"
        required
      />
    </>
  );
}

function KeyField({ autoFocus }: { autoFocus: boolean }) {
  const words = useText().session;
  return (
    <Field
      name="key"
      label={words.key}
      hint={words.hint}
      type="password"
      autoComplete="off"
      spellCheck={false}
      required
      autoFocus={autoFocus}
    />
  );
}

/** A code is good once; React may run effects twice. */
let arriving: Promise<Credentials> | null = null;

function arrival(entry: Entry, returned: Returned): Promise<Credentials> {
  arriving ??= import("../app/issuer")
    .then(({ arrive }) => arrive(entry, returned))
    .then(checked)
    .catch((error: unknown) => {
      // The issuer let them in, and the server does not: no matter of a key that was mistyped.
      if (error instanceof DocuBotError && error.status === 401)
        throw new DocuBotError("issuer_token_refused", error.message, 401);
      throw error;
    });
  return arriving;
}

/** Never resolves when all goes well: the page is left. */
async function departure(entry: Entry, again: boolean): Promise<never> {
  const { leave } = await import("../app/issuer");
  await leave(entry, again);
  return new Promise(() => undefined);
}

/** One try to get in after the other, and why the last one failed. */
function useAttempt(onCredentials: (credentials: Credentials) => void) {
  const [asking, setAsking] = useState(false);
  const [error, setError] = useState<DocuBotError | null>(null);
  const attempt = useCallback(
    async (get: () => Promise<Credentials>) => {
      setAsking(true);
      setError(null);
      try {
        onCredentials(await get());
      } catch (reason) {
        setError(known(reason));
        setAsking(false);
      }
    },
    [onCredentials],
  );
  return { asking, error, attempt, forget: () => setError(null) };
}

function known(error: unknown): DocuBotError {
  return error instanceof DocuBotError ? error : new DocuBotError("unknown", String(error));
}
