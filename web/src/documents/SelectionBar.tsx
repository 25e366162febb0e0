import { MessageSquareText, RotateCcw, Trash2, X } from "lucide-react";
import { type Document, useDocuBot } from "../client";
import { useText } from "../i18n";
import { Button, IconButton } from "../ui/Button";
import { useToasts } from "../ui/Toasts";
import { useLibrary } from "./library";
import s from "./SelectionBar.module.css";

interface Props {
  chosen: readonly Document[];
  onAsk(): void;
  onRemove(): void;
  onClear(): void;
}

/** A question can be limited to this many documents. */
const MOST_IN_SCOPE = 100;

export function SelectionBar({ chosen, onAsk, onRemove, onClear }: Props) {
  const text = useText();
  const client = useDocuBot();
  const { watch, refresh } = useLibrary();
  const { fail } = useToasts();
  const broken = chosen.filter(({ status }) => status === "failed" || status === "cancelled");

  const retry = async () => {
    for (const { id } of broken) {
      const job = await client.retryDocument(id);
      watch([{ jobId: job.id, documentId: id }]);
      await refresh(id);
    }
  };
  return (
    <div className={s.bar} role="toolbar" aria-label={text.documents.selected(chosen.length)}>
      <strong aria-live="polite">{text.documents.selected(chosen.length)}</strong>
      <Button small icon={MessageSquareText} disabled={chosen.length > MOST_IN_SCOPE} onClick={onAsk}>
        {text.documents.askSelected}
      </Button>
      {broken.length > 0 && (
        <Button small icon={RotateCcw} onClick={() => void retry().catch(fail)}>
          {text.documents.retry}
        </Button>
      )}
      <Button small icon={Trash2} onClick={onRemove}>
        {text.documents.remove}
      </Button>
      <IconButton icon={X} label={text.documents.clearSelection} onClick={onClear} />
    </div>
  );
}
