import { RotateCcw, X } from "lucide-react";
import { type FormEvent, useState } from "react";
import type { UploadItem } from "../client";
import { explain, useFormat, useText } from "../i18n";
import { Button, IconButton } from "../ui/Button";
import { Progress } from "../ui/Progress";
import s from "./Cell.module.css";
import { useLibrary } from "./library";

/** A file that is not a document yet. */
export function UploadRow({ item }: { item: UploadItem }) {
  const text = useText();
  const format = useFormat();
  const { uploads } = useLibrary();
  const { key, filename, bytes, phase, share, reconnecting, error } = item;
  const over = phase === "failed" || phase === "cancelled";
  const told = error && explain(text, error.code, error.message);
  const phases = text.documents.uploadPhases;
  const label = phase === "sending" && share === 1 ? phases.storing : phases[phase];

  return (
    <>
      <span role="cell" />
      <span role="cell" className={s.name}>
        <strong dir="auto" title={filename}>
          {filename}
        </strong>
        {told && (
          <span className={s.trouble}>
            {told.what} {told.todo}
          </span>
        )}
        {reconnecting && <span className={s.caution}>{text.documents.reconnecting}</span>}
        {error?.code === "password_required" && <Unlock onPassword={(word) => uploads.retry(key, word)} />}
      </span>
      <span role="cell" className={s.status}>
        <span className={s.stage}>
          {phase === "sending" && share < 1 ? `${label} ${Math.floor(share * 100)}%` : label}
        </span>
        {phase === "sending" && (
          <Progress share={share === 1 ? null : share} label={`${label} ${filename}`} />
        )}
      </span>
      <span role="cell" />
      <span role="cell" className={s.number}>
        {format.bytes(bytes)}
      </span>
      <span role="cell" />
      <span role="cell" className={s.end}>
        {over && (
          <IconButton
            icon={RotateCcw}
            label={`${text.app.retry}: ${filename}`}
            onClick={() => uploads.retry(key)}
          />
        )}
      </span>
      <span role="cell" className={s.end}>
        <IconButton
          icon={X}
          label={`${over ? text.documents.dismiss : text.app.cancel}: ${filename}`}
          onClick={() => (over ? uploads.dismiss(key) : uploads.cancel(key))}
        />
      </span>
    </>
  );
}

function Unlock({ onPassword }: { onPassword(password: string): void }) {
  const text = useText();
  const [password, setPassword] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (password) onPassword(password);
  };
  return (
    <form className={s.unlock} onSubmit={submit}>
      <input
        type="password"
        autoComplete="off"
        aria-label={text.documents.password}
        placeholder={text.documents.password}
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      <Button small type="submit" disabled={!password}>
        {text.documents.passwordGo}
      </Button>
    </form>
  );
}
