import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { keys } from "../app/queries";
import { type Collection, DocuBotError, useDocuBot } from "../client";
import { useText } from "../i18n";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { Field } from "../ui/Field";
import { Trouble } from "../ui/Note";
import { useToasts } from "../ui/Toasts";

export function NewCollection({ onClose, onMade }: { onClose(): void; onMade(name: string): void }) {
  const text = useText();
  const client = useDocuBot();
  const cache = useQueryClient();
  const form = useId();
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const make = useMutation({
    mutationFn: () => client.createCollection(name.trim(), description.trim()),
    onSuccess: (made) => {
      void cache.invalidateQueries({ queryKey: keys.collections });
      onMade(made.name);
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim()) make.mutate();
  };
  return (
    <Dialog
      title={text.collections.make}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{text.app.cancel}</Button>
          <Button kind="primary" type="submit" form={form} disabled={!name.trim() || make.isPending}>
            {text.collections.create}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} style={{ display: "grid", gap: "0.9rem" }}>
        <Field
          label={text.collections.name}
          hint={text.collections.nameHint}
          value={name}
          maxLength={100}
          required
          autoFocus
          onChange={(event) => setName(event.target.value)}
        />
        <Field
          label={text.collections.description}
          value={description}
          maxLength={2000}
          onChange={(event) => setDescription(event.target.value)}
        />
      </form>
      {make.error && <Problem error={make.error} />}
    </Dialog>
  );
}

interface RemoveProps {
  collection: Collection;
  onClose(): void;
  onGone(): void;
}

export function RemoveCollection({ collection, onClose, onGone }: RemoveProps) {
  const text = useText();
  const client = useDocuBot();
  const cache = useQueryClient();
  const { say } = useToasts();
  const { name } = collection;
  const remove = useMutation({
    mutationFn: () => client.deleteCollection(name),
    onSuccess: () => {
      cache.removeQueries({ queryKey: keys.documents(name) });
      cache.removeQueries({ queryKey: keys.conversations(name) });
      void cache.invalidateQueries({ queryKey: keys.collections });
      say(text.collections.removeStarted(name));
      onGone();
      onClose();
    },
  });
  return (
    <Dialog
      title={`${text.collections.remove(name)}?`}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{text.app.cancel}</Button>
          <Button kind="danger" disabled={remove.isPending} onClick={() => remove.mutate()}>
            {text.nav.delete}
          </Button>
        </>
      }
    >
      <p>{text.collections.removeText(collection.documents)}</p>
      {remove.error && <Problem error={remove.error} />}
    </Dialog>
  );
}

function Problem({ error }: { error: Error }) {
  const known = error instanceof DocuBotError ? error : new DocuBotError("unknown", error.message);
  return <Trouble code={known.code} message={known.message} requestId={known.requestId} />;
}
