import {
  Download,
  FileSymlink,
  MessageSquareText,
  MoreHorizontal,
  RotateCcw,
  Square,
  Trash2,
  Upload,
} from "lucide-react";
import { memo, useRef } from "react";
import { href, navigate } from "../app/routes";
import { type Document, type JobState, useDocuBot } from "../client";
import { explain, useFormat, useText } from "../i18n";
import { IconButton } from "../ui/Button";
import { Menu, type MenuItem } from "../ui/Menu";
import { useToasts } from "../ui/Toasts";
import s from "./Cell.module.css";
import t from "./DocumentTable.module.css";
import { useLibrary } from "./library";
import { isActive } from "./rows";
import { StatusCell } from "./StatusCell";
import { useDownload } from "./useDownload";

interface Props {
  document: Document;
  job: JobState | undefined;
  selected: boolean;
  onToggle(id: string): void;
  onAsk(document: Document): void;
  onRemove(document: Document): void;
}

export const DocumentRow = memo(function DocumentRow({
  document,
  job,
  selected,
  onToggle,
  onAsk,
  onRemove,
}: Props) {
  const text = useText();
  const format = useFormat();
  const { id, filename, page_count, bytes, language, created_at } = document;
  return (
    <>
      <span role="cell" className={t.check}>
        <input
          type="checkbox"
          aria-label={text.documents.select(filename)}
          checked={selected}
          onChange={() => onToggle(id)}
        />
      </span>
      <span role="cell" className={s.name}>
        <a href={href({ view: "document", id, page: null })} dir="auto" title={filename}>
          {filename}
        </a>
        <Remark document={document} />
      </span>
      <span role="cell" className={s.status}>
        <StatusCell status={document.status} job={job} active={isActive(document, job)} />
      </span>
      <span role="cell" className={s.number}>
        {page_count ? format.number(page_count) : "–"}
      </span>
      <span role="cell" className={s.number}>
        {format.bytes(bytes)}
      </span>
      <span role="cell" className={s.plain}>
        {language ? format.language(language) : "–"}
      </span>
      <span role="cell" className={s.plain} title={format.time(created_at)}>
        {format.ago(created_at)}
      </span>
      <span role="cell" className={s.end}>
        <Actions document={document} active={isActive(document, job)} onAsk={onAsk} onRemove={onRemove} />
      </span>
    </>
  );
});

/** The one thing worth saying below the name: what is wrong, else what the document calls itself. */
function Remark({ document }: { document: Document }) {
  const text = useText();
  const { error, status, warnings, title, filename, metadata, version } = document;
  if (error && status === "failed") {
    const { what, todo } = explain(text, error.code, error.message);
    return (
      <span className={s.trouble} dir="auto">
        {what} {todo}
      </span>
    );
  }
  if (warnings[0]) {
    return (
      <span className={s.caution} dir="auto">
        {warnings[0].message}
        {warnings.length > 1 && ` +${warnings.length - 1}`}
      </span>
    );
  }
  const parts = [
    title !== filename && title,
    typeof metadata.folder === "string" && `${metadata.folder}/`,
    version > 1 && text.documents.version(version),
  ].filter(Boolean);
  return parts.length ? (
    <span className={s.sub} dir="auto">
      {parts.join(" · ")}
    </span>
  ) : null;
}

interface ActionsProps {
  document: Document;
  active: boolean;
  onAsk(document: Document): void;
  onRemove(document: Document): void;
}

function Actions({ document, active, onAsk, onRemove }: ActionsProps) {
  const text = useText();
  const client = useDocuBot();
  const download = useDownload();
  const { uploads, watch, refresh } = useLibrary();
  const { say, fail } = useToasts();
  const file = useRef<HTMLInputElement>(null);
  const { id, filename, collection, status, job_id } = document;

  const retry = async () => {
    const job = await client.retryDocument(id);
    await refresh(id);
    watch([{ jobId: job.id, documentId: id }]);
  };
  const stop = async () => {
    if (job_id) await client.cancelJob(job_id);
    await refresh(id);
  };
  const replace = (chosen: File | undefined) => {
    if (!chosen) return;
    uploads.add([{ file: chosen, collection, replaces: id }]);
    say(text.documents.replaceStarted(filename));
  };
  const retryable = status === "failed" || status === "cancelled";
  const items: (MenuItem | false)[] = [
    {
      label: text.documents.open,
      icon: FileSymlink,
      act: () => navigate({ view: "document", id, page: null }),
    },
    { label: text.documents.ask, icon: MessageSquareText, disabled: retryable, act: () => onAsk(document) },
    retryable && { label: text.documents.retry, icon: RotateCcw, act: () => void retry().catch(fail) },
    active &&
      job_id !== null && { label: text.documents.stop, icon: Square, act: () => void stop().catch(fail) },
    { label: text.documents.replace, icon: Upload, act: () => file.current?.click() },
    {
      label: text.documents.download,
      icon: Download,
      act: () => download(document),
    },
    { label: text.documents.remove, icon: Trash2, danger: true, act: () => onRemove(document) },
  ];
  return (
    <>
      <input
        ref={file}
        type="file"
        hidden
        data-replace={id}
        aria-label={text.documents.replace}
        onChange={(event) => replace(event.target.files?.[0])}
      />
      <Menu
        label={text.documents.actionsOf(filename)}
        items={items.filter((item) => item !== false)}
        trigger={(props) => (
          <IconButton icon={MoreHorizontal} label={text.documents.actionsOf(filename)} {...props} />
        )}
      />
    </>
  );
}
