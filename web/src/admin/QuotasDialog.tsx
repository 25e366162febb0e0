import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { DocuBotError, type Key, useDocuBot } from "../client";
import { useFormat, useText } from "../i18n";
import type { Format } from "../i18n/format";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { Trouble } from "../ui/Note";
import { limitsOf, QUOTAS, QuotaFields, typedLimits } from "./QuotaFields";
import { adminKeys } from "./queries";
import s from "./Tabs.module.css";

/** What a key has used of its quotas, and the way to change them. */
export function QuotasDialog({ value, onClose }: { value: Key; onClose(): void }) {
  const text = useText();
  const words = text.admin.keys.quotas;
  const client = useDocuBot();
  const cache = useQueryClient();
  const format = useFormat();
  const [typed, setTyped] = useState(() => typedLimits(value.limits));
  const save = useMutation({
    mutationFn: () => client.admin.changeKey(value.id, { limits: limitsOf(typed) }),
    onSuccess: async () => {
      onClose();
      await cache.invalidateQueries({ queryKey: adminKeys.keys });
    },
  });
  const error = save.error instanceof DocuBotError ? save.error : null;
  return (
    <Dialog
      title={words.of(value.name)}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{text.app.cancel}</Button>
          <Button kind="primary" disabled={save.isPending} onClick={() => save.mutate()}>
            {words.save}
          </Button>
        </>
      }
    >
      <p className={s.intro}>
        {words.used(format.list(QUOTAS.map((name) => `${words.names[name]} ${used(value, name, format)}`)))}
      </p>
      <QuotaFields value={typed} onChange={setTyped} />
      <small className={s.intro}>{words.hint}</small>
      {error && <Trouble code={error.code} message={error.message} />}
    </Dialog>
  );
}

/** "Pages 12 / 1K" for each limited quota, in a cell of the list. */
export function QuotasCell({ value }: { value: Key }) {
  const words = useText().admin.keys.quotas;
  const format = useFormat();
  const limited = QUOTAS.filter((name) => value.limits[name] !== null);
  if (!limited.length) return <>{words.none}</>;
  return limited.map((name) => {
    const limit = value.limits[name] ?? 0;
    return (
      <div key={name}>
        {words.names[name]} {used(value, name, format)} /{" "}
        {name === "bytes" ? format.bytes(limit) : format.short(limit)}
      </div>
    );
  });
}

function used(key: Key, name: (typeof QUOTAS)[number], format: Format): string {
  if (name === "bytes") return format.bytes(key.used.bytes);
  return format.short(name === "tokens_a_day" ? key.used.tokens_today : key.used[name]);
}
