import {
  Ban,
  CircleAlert,
  CircleCheck,
  Clock3,
  LoaderCircle,
  type LucideIcon,
  Search,
  Trash2,
  TriangleAlert,
} from "lucide-react";
import type { DocumentStatus, JobState } from "../client";
import { useText } from "../i18n";
import type { Dictionary } from "../i18n/en";
import { Progress } from "../ui/Progress";
import s from "./Cell.module.css";

const LOOKS: Record<DocumentStatus, { icon: LucideIcon; tone: "good" | "warn" | "bad" | "none" }> = {
  queued: { icon: Clock3, tone: "none" },
  processing: { icon: LoaderCircle, tone: "none" },
  searchable: { icon: Search, tone: "good" },
  ready: { icon: CircleCheck, tone: "good" },
  ready_with_warnings: { icon: TriangleAlert, tone: "warn" },
  failed: { icon: CircleAlert, tone: "bad" },
  cancelled: { icon: Ban, tone: "none" },
  deleting: { icon: Trash2, tone: "none" },
};

interface Props {
  status: DocumentStatus;
  job: JobState | undefined;
  /** A job works on it, or will. */
  active: boolean;
}

/** The stage and how far it is while something is being done; else how it ended. */
export function StatusCell({ status, job, active }: Props) {
  const text = useText();
  if (active && job?.status === "running") {
    const stage = stageText(text, job);
    return (
      <>
        <span className={s.stage} title={stage}>
          {stage}
        </span>
        <Progress share={job.progress} label={stage} />
      </>
    );
  }
  const { icon: Icon, tone } = LOOKS[status];
  return (
    <>
      <span className={s.pill} data-tone={tone}>
        <Icon size={13} aria-hidden />
        {text.status[status]}
      </span>
      {job?.retryIn != null && <span className={s.caution}>{text.retryIn(Math.round(job.retryIn))}</span>}
    </>
  );
}

/** "Reading, page 12 of 117" */
export function stageText(text: Dictionary, job: JobState): string {
  const stages: Record<string, string> = text.stages;
  const counted: Record<string, (done: number, of: number) => string> = text.counted;
  const stage = (job.stage && stages[job.stage]) || text.status.processing;
  const counts = job.counts && counted[job.counts.unit]?.(job.counts.done, job.counts.of);
  return counts ? `${stage}, ${counts}` : stage;
}
