import { ArrowLeft, Download } from "lucide-react";
import { href } from "../app/routes";
import { saveAs } from "../app/save";
import { DocuBotError, type EvaluationDetail, useDocuBot } from "../client";
import { useFormat, useText } from "../i18n";
import { Badge, type Tone } from "../ui/Badge";
import { Button } from "../ui/Button";
import { Trouble } from "../ui/Note";
import t from "../ui/Table.module.css";
import { TableFrame } from "../ui/TableFrame";
import { useToasts } from "../ui/Toasts";
import { type Dot, DotPlot } from "./DotPlot";
import s from "./EvaluationRunView.module.css";
import { costs, type Figures, shares } from "./measures";
import { useEvaluation } from "./queries";

/** What languages and documents are compared by, the first that a run has. */
const COMPARED_BY = ["page_recall@5", "answer_contains", "answered"];
const TONES: Record<string, Tone> = { better: "good", worse: "bad", same: "none" };

export function EvaluationRunView({ id }: { id: string }) {
  const text = useText();
  const { data, error } = useEvaluation(id);
  if (error) {
    const known = error instanceof DocuBotError ? error : new DocuBotError("unknown", error.message);
    return <Trouble code={known.code} message={known.message} requestId={known.requestId} />;
  }
  return data ? <Run run={data} /> : <p>{text.app.loading}</p>;
}

function Run({ run }: { run: EvaluationDetail }) {
  const text = useText();
  const words = text.admin.evaluations;
  const format = useFormat();
  const client = useDocuBot();
  const { fail } = useToasts();
  const measure = COMPARED_BY.find((name) => run.overall[name]);
  const save = () =>
    client.admin.evaluationReport(run.id).then((file) => saveAs(file, `${run.id}.html`), fail);
  return (
    <div className={s.run}>
      <header className={s.head}>
        <a href={href({ view: "admin", tab: "evaluations", item: null })}>
          <ArrowLeft size={15} aria-hidden /> {words.back}
        </a>
        <h2 dir="auto">{run.dataset}</h2>
        <p>{[run.mode, text.admin.settings.version(run.version), format.time(run.created_at)].join(" · ")}</p>
        {run.has_report && (
          <Button icon={Download} onClick={() => void save()}>
            {words.report}
          </Button>
        )}
      </header>
      {run.changes.length > 0 && <Changes run={run} />}
      <DotPlot
        title={words.overall}
        dots={shares(run.overall).map(([label, figure]) => ({ label, figure }))}
      />
      {measure && (
        <>
          <Group title={`${words.byLanguage}: ${measure}`} groups={run.languages} measure={measure} />
          <Group title={`${words.byDocument}: ${measure}`} groups={run.by_document} measure={measure} />
        </>
      )}
      <Costs run={run} />
    </div>
  );
}

function Group({
  title,
  groups,
  measure,
}: {
  title: string;
  groups: Record<string, Figures>;
  measure: string;
}) {
  const text = useText();
  const format = useFormat();
  const name = (key: string) => {
    if (!key) return text.admin.evaluations.unknownLanguage;
    return /^[a-z]{2,3}(-\w+)?$/.test(key) ? format.language(key) : key;
  };
  const dots = Object.entries(groups).flatMap(([key, figures]): Dot[] => {
    const figure = figures[measure];
    return figure ? [{ label: name(key), figure }] : [];
  });
  return dots.length > 1 ? <DotPlot title={title} dots={dots} /> : null;
}

function Changes({ run }: { run: EvaluationDetail }) {
  const words = useText().admin.evaluations;
  const format = useFormat();
  return (
    <section>
      <h3>{words.compared(run.compared_with ?? "")}</h3>
      <TableFrame label={words.compared(run.compared_with ?? "")}>
        <table className={t.table}>
          <tbody>
            {run.changes.map(({ measure, before, after, p, verdict }) => (
              <tr key={measure}>
                <td>{measure}</td>
                <td className={t.number}>
                  {format.exact(before)} → {format.exact(after)}
                </td>
                <td className={t.number}>p = {format.exact(p)}</td>
                <td>
                  <Badge tone={TONES[verdict] ?? "none"}>{words.verdicts[verdict] ?? verdict}</Badge>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
    </section>
  );
}

function Costs({ run }: { run: EvaluationDetail }) {
  const words = useText().admin.evaluations;
  const format = useFormat();
  const settings = Object.entries(run.settings).map(([name, value]): [string, string] => [
    name,
    String(value),
  ]);
  const told = costs(run.overall).map(([name, { value }]): [string, string] => [
    name,
    format.number(Math.round(value)),
  ]);
  return (
    <div className={s.facts}>
      {[[words.cost, told] as const, [words.settings, settings] as const].map(([title, facts]) => (
        <section key={title}>
          <h3>{title}</h3>
          <dl>
            {facts.map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd dir="auto">{value}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </div>
  );
}
