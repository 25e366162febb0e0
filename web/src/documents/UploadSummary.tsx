import { X } from "lucide-react";
import type { UploadItem } from "../client";
import { useText } from "../i18n";
import { IconButton } from "../ui/Button";
import { Progress } from "../ui/Progress";
import s from "./UploadSummary.module.css";

interface Props {
  items: readonly UploadItem[];
  onDismiss(): void;
}

/** How far all uploads together are, by bytes. */
export function UploadSummary({ items, onDismiss }: Props) {
  const text = useText();
  if (!items.length) return null;
  const left = items.filter(({ phase }) => phase === "waiting" || phase === "sending");
  const failed = items.filter(({ phase }) => phase === "failed").length;
  const done = items.filter(({ phase }) => phase === "stored").length;
  const bytes = items.reduce((sum, item) => sum + item.bytes, 0);
  const sent = items.reduce((sum, item) => sum + item.bytes * (item.phase === "stored" ? 1 : item.share), 0);
  const known = items.filter(({ document }) => document?.duplicate).length;
  return (
    <section className={s.summary} aria-label={text.documents.uploads}>
      <span role="status">
        {left.length > 0 && <strong>{text.documents.uploadsLeft(left.length)}</strong>}
        {done > 0 && <span>{text.documents.uploadsDone(done)}</span>}
        {known > 0 && <span>{text.documents.uploadsKnown(known)}</span>}
        {failed > 0 && <span className={s.failed}>{text.documents.uploadsFailed(failed)}</span>}
      </span>
      {left.length > 0 ? (
        <Progress share={bytes ? sent / bytes : null} label={text.documents.uploads} />
      ) : (
        <IconButton icon={X} size={14} label={text.documents.dismiss} onClick={onDismiss} />
      )}
    </section>
  );
}
