import { useMutation, useQueryClient } from "@tanstack/react-query";
import { BookOpenText, Download, RotateCcw, Square, Trash2 } from "lucide-react";
import { useEffect, useState } from "react";
import { keys } from "../app/queries";
import { href } from "../app/routes";
import { saveAs } from "../app/save";
import { isOver, type Translation, useDocuBot, useJob } from "../client";
import { useFormat, useText } from "../i18n";
import { Badge, type Tone } from "../ui/Badge";
import { IconButton } from "../ui/Button";
import { ConfirmDialog } from "../ui/ConfirmDialog";
import { Trouble } from "../ui/Note";
import { Progress } from "../ui/Progress";
import { useToasts } from "../ui/Toasts";
import { Completeness } from "./Completeness";
import { useTranslation } from "./queries";
import s from "./TranslationsPanel.module.css";

const TONES: Record<Translation["status"], Tone> = {
  queued: "none",
  running: "accent",
  succeeded: "good",
  succeeded_with_warnings: "warn",
  failed: "bad",
  cancelled: "none",
};

/** One translation: how far it is, how complete it is, and what can be done with it. */
export function TranslationCard({ documentId, id }: { documentId: string; id: string }) {
  const { data } = useTranslation(documentId, id);
  return data ? <Card translation={data} /> : null;
}

function Card({ translation }: { translation: Translation }) {
  const text = useText();
  const format = useFormat();
  const { status, progress, following } = useProgress(translation);
  const { document_id, source, target, output, glossary, error, report, created_at } = translation;
  const from = source ? `${format.language(source)} → ` : "";
  const what = [text.translations.forms[output as keyof typeof text.translations.forms] ?? output, glossary];
  return (
    <article className={s.card} data-translation={status}>
      <div className={s.head}>
        <strong dir="auto">
          {from}
          {format.language(target)}
        </strong>
        <Badge tone={TONES[status]}>{statusText(text, translation, status, progress, format)}</Badge>
        <span className={s.what} dir="auto">
          {[...what, format.ago(created_at)].filter(Boolean).join(" · ")}
        </span>
        <Tools translation={translation} running={following} />
      </div>
      {following && <Progress share={progress} label={text.translations.progress(format.share(progress))} />}
      {error && !following && <Trouble code={error.code} message={error.message} />}
      {report && <Completeness report={report} documentId={document_id} />}
    </article>
  );
}

function statusText(
  text: ReturnType<typeof useText>,
  translation: Translation,
  status: Translation["status"],
  progress: number,
  format: ReturnType<typeof useFormat>,
): string {
  const words = text.translations;
  if (status === "running") return words.progress(format.share(progress));
  // What was not translated, and what was and had no place in the file.
  const { failed = 0, unplaced = [] } = translation.report ?? {};
  if (status === "succeeded_with_warnings") return words.partly(failed + unplaced.length);
  return { queued: words.waiting, succeeded: words.done, failed: words.failed, cancelled: words.cancelled }[
    status
  ];
}

/** Of its job while that runs; what is stored is read anew when it has ended. */
function useProgress(translation: Translation) {
  const cache = useQueryClient();
  const stored = { status: translation.status, progress: translation.progress };
  const following = stored.status === "queued" || stored.status === "running";
  const job = useJob(following ? translation.job_id : null);
  const over = following && job !== null && isOver(job);
  useEffect(() => {
    if (!over) return;
    void cache.invalidateQueries({ queryKey: keys.translation(translation.id) });
    void cache.invalidateQueries({ queryKey: keys.translations(translation.document_id) });
  }, [cache, over, translation.id, translation.document_id]);
  if (!following || !job) return { ...stored, following };
  return { status: job.status, progress: Math.max(job.progress, stored.progress), following };
}

function Tools({ translation, running }: { translation: Translation; running: boolean }) {
  const text = useText();
  const client = useDocuBot();
  const cache = useQueryClient();
  const { fail } = useToasts();
  const [removing, setRemoving] = useState(false);
  const { id, document_id, filename, status, job_id, finished_at } = translation;
  const put = (next: Translation) => cache.setQueryData(keys.translation(id), next);
  const retry = useMutation({
    mutationFn: () => client.translation.retry(document_id, id),
    onSuccess: (next) => {
      put(next);
      cache.removeQueries({ queryKey: keys.aligned(id) });
    },
    onError: fail,
  });
  const stop = useMutation({ mutationFn: () => client.cancelJob(job_id), onError: fail });
  const download = useMutation({
    mutationFn: () => client.translation.file(document_id, id),
    onSuccess: (file) => saveAs(file, filename),
    onError: fail,
  });
  const remove = useMutation({
    mutationFn: () => client.translation.remove(document_id, id),
    onSuccess: () => cache.invalidateQueries({ queryKey: keys.translations(document_id) }),
    onError: fail,
  });
  const readable = finished_at !== null;
  return (
    <div className={s.tools}>
      {readable && (
        <a
          className={s.read}
          href={href({ view: "translation", document: document_id, id })}
          title={text.translations.read}
          aria-label={text.translations.read}
        >
          <BookOpenText size={16} aria-hidden />
        </a>
      )}
      {readable && (
        <IconButton icon={Download} label={text.translations.download} onClick={() => download.mutate()} />
      )}
      {running && (
        <IconButton icon={Square} size={14} label={text.translations.stop} onClick={() => stop.mutate()} />
      )}
      {!running && status !== "succeeded" && (
        <IconButton icon={RotateCcw} label={text.translations.retry} onClick={() => retry.mutate()} />
      )}
      <IconButton icon={Trash2} label={text.translations.remove} onClick={() => setRemoving(true)} />
      {removing && (
        <ConfirmDialog
          title={text.translations.confirm}
          text={text.translations.confirmText}
          go={text.nav.delete}
          pending={remove.isPending}
          onGo={() => remove.mutate()}
          onClose={() => setRemoving(false)}
        />
      )}
    </div>
  );
}
