import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Square } from "lucide-react";
import { useState } from "react";
import { href } from "../app/routes";
import { type Job, type JobStatus, useDocuBot } from "../client";
import { explain, useFormat, useText } from "../i18n";
import { Badge, type Tone } from "../ui/Badge";
import { IconButton } from "../ui/Button";
import { cx } from "../ui/cx";
import { Progress } from "../ui/Progress";
import { Select } from "../ui/Select";
import t from "../ui/Table.module.css";
import { useToasts } from "../ui/Toasts";
import { ListTab } from "./ListTab";
import { useJobs } from "./queries";

const TONES: Record<JobStatus, Tone> = {
  queued: "none",
  running: "accent",
  succeeded: "good",
  succeeded_with_warnings: "warn",
  failed: "bad",
  cancelled: "none",
};
const STATUSES = Object.keys(TONES) as JobStatus[];

export function JobsTab() {
  const text = useText();
  const words = text.admin.jobs;
  const [status, setStatus] = useState<JobStatus | "">("");
  const query = useJobs(status);
  const tools = (
    <Select
      label={words.status}
      value={status}
      onChange={(event) => setStatus(event.target.value as JobStatus | "")}
    >
      <option value="">{words.all}</option>
      {STATUSES.map((one) => (
        <option key={one} value={one}>
          {words.statuses[one]}
        </option>
      ))}
    </Select>
  );
  return (
    <ListTab
      label={text.admin.tabs.jobs}
      tools={tools}
      query={query}
      columns={words.columns}
      acts
      none={words.none}
      row={(job) => <JobRow key={job.id} job={job} />}
    />
  );
}

function JobRow({ job }: { job: Job }) {
  const text = useText();
  const words = text.admin.jobs;
  const format = useFormat();
  const client = useDocuBot();
  const cache = useQueryClient();
  const { fail } = useToasts();
  const stop = useMutation({
    mutationFn: () => client.cancelJob(job.id),
    onSuccess: () => cache.invalidateQueries({ queryKey: ["admin", "jobs"] }),
    onError: fail,
  });
  const { kind, status, collection, document_id, stage, progress, attempt, error, created_at, finished_at } =
    job;
  const going = status === "queued" || status === "running";
  const stages: Record<string, string> = text.stages;
  const took = finished_at && (Date.parse(finished_at) - Date.parse(created_at)) / 1000;
  return (
    <tr>
      <td>
        {words.kinds[kind] ?? kind}
        {attempt > 1 && <span className={t.faint}> · {words.attempt(attempt)}</span>}
      </td>
      <td dir="auto">{collection}</td>
      <td>
        {document_id && (
          <a href={href({ view: "document", id: document_id, page: null })} title={document_id}>
            <code className={t.nowrap}>…{document_id.slice(-8)}</code>
          </a>
        )}
      </td>
      <td>
        <Badge tone={TONES[status]}>{words.statuses[status]}</Badge>
        {status === "running" && (
          <>
            <small className={t.soft}> {(stage && stages[stage]) || stage}</small>
            <Progress share={progress} label={words.statuses.running} />
          </>
        )}
        {error && <div className={t.soft}>{explain(text, error.code, error.message).what}</div>}
      </td>
      <td className={cx(t.soft, t.nowrap)} title={format.time(created_at)}>
        {format.ago(created_at)}
      </td>
      <td className={cx(t.soft, t.nowrap)}>
        {typeof took === "number" && words.seconds(format.number(Math.round(took * 10) / 10))}
      </td>
      <td className={t.end}>
        {going && <IconButton icon={Square} size={14} label={words.stop} onClick={() => stop.mutate()} />}
      </td>
    </tr>
  );
}
