import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Copy } from "lucide-react";
import { useState } from "react";
import { DocuBotError, type MadeKey, type Scope, useDocuBot } from "../client";
import { useText } from "../i18n";
import { Button, IconButton } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { Field } from "../ui/Field";
import { Note, Trouble } from "../ui/Note";
import { Select } from "../ui/Select";
import { useToasts } from "../ui/Toasts";
import { namesIn } from "./names";
import { limitsOf, QuotaFields, typedLimits } from "./QuotaFields";
import { adminKeys } from "./queries";
import s from "./Tabs.module.css";

const SCOPES = ["read", "ask", "upload", "translate", "manage", "admin"] as const satisfies readonly Scope[];
const DAYS = [30, 90, 365];
const DAY = 86_400_000;

export function NewKeyDialog({ onClose, onMade }: { onClose(): void; onMade(key: MadeKey): void }) {
  const text = useText();
  const words = text.admin.keys;
  const client = useDocuBot();
  const cache = useQueryClient();
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<ReadonlySet<Scope>>(new Set(["read", "ask"]));
  const [where, setWhere] = useState("");
  const [days, setDays] = useState("");
  const [limits, setLimits] = useState(typedLimits);
  const everywhere = scopes.has("admin");
  const create = useMutation({
    mutationFn: () => {
      return client.admin.createKey({
        name: name.trim(),
        scopes: [...scopes],
        collections: everywhere ? null : namesIn(where),
        expires_at: days ? new Date(Date.now() + Number(days) * DAY).toISOString() : null,
        limits: limitsOf(limits),
      });
    },
    onSuccess: async (made) => {
      onMade(made);
      await cache.invalidateQueries({ queryKey: adminKeys.keys });
    },
  });
  const toggle = (scope: Scope) => {
    const next = new Set(scopes);
    if (!next.delete(scope)) next.add(scope);
    setScopes(next);
  };
  const error = create.error instanceof DocuBotError ? create.error : null;
  return (
    <Dialog
      title={words.make}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{text.app.cancel}</Button>
          <Button
            kind="primary"
            disabled={!name.trim() || !scopes.size || create.isPending}
            onClick={() => create.mutate()}
          >
            {words.create}
          </Button>
        </>
      }
    >
      <Field label={words.name} value={name} autoFocus onChange={(event) => setName(event.target.value)} />
      <fieldset className={s.choices}>
        <legend>{words.scopes}</legend>
        {SCOPES.map((scope) => (
          <label key={scope}>
            <input type="checkbox" checked={scopes.has(scope)} onChange={() => toggle(scope)} />
            <code>{scope}</code>
            <span>{words.scopeWords[scope]}</span>
          </label>
        ))}
      </fieldset>
      {!everywhere && (
        <Field
          label={words.collections}
          hint={words.collectionsHint}
          value={where}
          onChange={(event) => setWhere(event.target.value)}
        />
      )}
      <Select label={words.expires} value={days} onChange={(event) => setDays(event.target.value)}>
        <option value="">{words.never}</option>
        {DAYS.map((one) => (
          <option key={one} value={one}>
            {words.inDays(one)}
          </option>
        ))}
      </Select>
      <details className={s.details}>
        <summary>{words.quotas.title}</summary>
        <QuotaFields value={limits} onChange={setLimits} />
      </details>
      {error && <Trouble code={error.code} message={error.message} />}
    </Dialog>
  );
}

interface SecretProps {
  made: MadeKey;
  /** Whether it shut the door that was open until now. */
  first: boolean;
  onClose(): void;
}

export function SecretDialog({ made, first, onClose }: SecretProps) {
  const text = useText();
  const words = text.admin.keys;
  const { say } = useToasts();
  const copy = () =>
    navigator.clipboard.writeText(made.secret).then(
      () => say(text.app.copied),
      () => say(text.app.copyFailed),
    );
  return (
    <Dialog
      title={words.madeTitle}
      onClose={onClose}
      actions={
        <Button kind="primary" onClick={onClose}>
          {words.stored}
        </Button>
      }
    >
      <p>{words.madeText}</p>
      <div className={s.secret}>
        <code data-secret>{made.secret}</code>
        <IconButton icon={Copy} label={text.admin.copy} onClick={() => void copy()} />
      </div>
      {first && <Note tone="warn">{words.firstWarning}</Note>}
    </Dialog>
  );
}
