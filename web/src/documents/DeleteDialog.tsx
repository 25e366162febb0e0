import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type DeleteReceipt, DocuBotError, type Document, useDocuBot } from "../client";
import { useFormat, useText } from "../i18n";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { Note, Trouble } from "../ui/Note";
import { Progress } from "../ui/Progress";
import s from "./DeleteDialog.module.css";
import { countAnew, dropDocument } from "./library";

type Counts = Omit<DeleteReceipt, "document_id">;
const NOTHING: Counts = {
  versions: 0,
  files: 0,
  pages: 0,
  chunks: 0,
  vectors: 0,
  keyword_rows: 0,
  translations: 0,
  cached_answers: 0,
};
const NAMED = 5;

interface Props {
  documents: readonly Document[];
  onClose(): void;
  /** Told of each document as it goes. */
  onGone?(id: string): void;
}

/** Asks, deletes, and shows what the server says it removed. */
export function DeleteDialog({ documents, onClose, onGone }: Props) {
  const text = useText();
  const client = useDocuBot();
  const cache = useQueryClient();
  // What is deleted stays named here, although it leaves the list below.
  const [chosen] = useState(documents);
  const [done, setDone] = useState(0);
  const [phase, setPhase] = useState<"asking" | "deleting" | "deleted">("asking");
  const [receipt, setReceipt] = useState(NOTHING);
  const [error, setError] = useState<DocuBotError | null>(null);

  const remove = async () => {
    setPhase("deleting");
    try {
      for (const { id } of chosen.slice(done)) {
        const one = await client.deleteDocument(id).catch(ifGone);
        setReceipt((sum) => added(sum, one));
        setDone((number) => number + 1);
        dropDocument(cache, id);
        onGone?.(id);
      }
      setPhase("deleted");
    } catch (failure) {
      setError(failure instanceof DocuBotError ? failure : new DocuBotError("unknown", String(failure)));
      setPhase("asking");
    }
    countAnew(cache);
  };

  if (phase === "deleted") return <Receipt receipt={receipt} onClose={onClose} />;
  return (
    <Dialog
      title={text.documents.removeTitle(chosen.length)}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{text.app.cancel}</Button>
          <Button kind="danger" disabled={phase === "deleting"} onClick={() => void remove()}>
            {text.documents.removeGo}
          </Button>
        </>
      }
    >
      <ul className={s.names}>
        {chosen.slice(0, NAMED).map(({ id, filename }) => (
          <li key={id} dir="auto">
            {filename}
          </li>
        ))}
        {chosen.length > NAMED && <li>+{chosen.length - NAMED}</li>}
      </ul>
      <p>{text.documents.removeText}</p>
      {phase === "deleting" && (
        <>
          <p role="status">{text.documents.removing(done, chosen.length)}</p>
          <Progress share={chosen.length > 1 ? done / chosen.length : null} label={text.status.deleting} />
        </>
      )}
      {error && <Trouble code={error.code} message={error.message} requestId={error.requestId} />}
    </Dialog>
  );
}

function Receipt({ receipt, onClose }: { receipt: Counts; onClose(): void }) {
  const text = useText();
  const format = useFormat();
  const names = Object.keys(text.documents.receipt) as (keyof Counts)[];
  return (
    <Dialog
      title={text.documents.receiptTitle}
      onClose={onClose}
      actions={
        <Button kind="primary" onClick={onClose}>
          {text.app.close}
        </Button>
      }
    >
      <dl className={s.receipt}>
        {names
          .filter((name) => receipt[name] > 0)
          .map((name) => (
            <div key={name}>
              <dt>{text.documents.receipt[name]}</dt>
              <dd>{format.number(receipt[name])}</dd>
            </div>
          ))}
      </dl>
      <Note tone="info">{text.documents.receiptNote}</Note>
    </Dialog>
  );
}

/** Gone already is as good as deleted. */
function ifGone(error: unknown): Counts {
  if (error instanceof DocuBotError && error.code === "document_not_found") return NOTHING;
  throw error;
}

function added(sum: Counts, one: Counts): Counts {
  const names = Object.keys(sum) as (keyof Counts)[];
  return Object.fromEntries(names.map((name) => [name, sum[name] + one[name]])) as Counts;
}
