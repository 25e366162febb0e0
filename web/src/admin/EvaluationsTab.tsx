import { useState } from "react";
import { href } from "../app/routes";
import type { EvaluationRun } from "../client";
import { useFormat, useText } from "../i18n";
import { Select } from "../ui/Select";
import t from "../ui/Table.module.css";
import { TableFrame } from "../ui/TableFrame";
import { EvaluationRunView } from "./EvaluationRunView";
import { More } from "./More";
import { isShare } from "./measures";
import { useEvaluations } from "./queries";
import s from "./Tabs.module.css";
import { TrendPlot } from "./TrendPlot";

/** Told in the list, where a run has them. */
const TOLD = ["page_recall@5", "mrr@10", "answer_contains", "citation_precision", "refusal_f1"];

export function EvaluationsTab({ chosen }: { chosen: string | null }) {
  const text = useText();
  const words = text.admin.evaluations;
  const query = useEvaluations();
  const { items } = query;
  if (chosen) return <EvaluationRunView key={chosen} id={chosen} />;
  if (!items) return <p className={s.intro}>{text.app.loading}</p>;
  if (!items.length) return <p className={s.intro}>{words.none}</p>;
  return (
    <div className={s.tab}>
      <Trend runs={items} />
      <RunTable runs={items} />
      <More query={query} />
    </div>
  );
}

/** Of the dataset that was run last. */
function Trend({ runs }: { runs: readonly EvaluationRun[] }) {
  const words = useText().admin.evaluations;
  const same = runs.filter(({ dataset }) => dataset === runs[0]?.dataset);
  const measures = Object.keys(same[0]?.overall ?? {}).filter(isShare);
  const [chosen, setChosen] = useState("");
  const measure = measures.includes(chosen)
    ? chosen
    : (TOLD.find((one) => measures.includes(one)) ?? measures[0]);
  if (!measure || same.length < 2) return null;
  return (
    <section className={s.tab}>
      <div className={s.tools}>
        <Select label={words.measure} value={measure} onChange={(event) => setChosen(event.target.value)}>
          {measures.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </Select>
      </div>
      <TrendPlot title={`${words.trend}: ${same[0]?.dataset}, ${measure}`} measure={measure} runs={same} />
    </section>
  );
}

function RunTable({ runs }: { runs: readonly EvaluationRun[] }) {
  const text = useText();
  const words = text.admin.evaluations;
  const format = useFormat();
  const told = TOLD.filter((name) => runs.some(({ overall }) => overall[name]));
  return (
    <TableFrame label={text.admin.tabs.evaluations}>
      <table className={t.table}>
        <thead>
          <tr>
            <th scope="col">{words.columns.run}</th>
            <th scope="col">{words.columns.when}</th>
            <th scope="col" className={t.number}>
              {words.columns.cases}
            </th>
            {told.map((name) => (
              <th key={name} scope="col" className={t.number}>
                {name}
              </th>
            ))}
            <th scope="col" className={t.number}>
              {words.columns.seconds}
            </th>
          </tr>
        </thead>
        <tbody>
          {runs.map(({ id, dataset, mode, created_at, cases, overall, seconds }) => (
            <tr key={id}>
              <td>
                <a href={href({ view: "admin", tab: "evaluations", item: id })} title={id}>
                  {dataset}
                </a>{" "}
                <span className={t.faint}>{mode}</span>
              </td>
              <td className={t.nowrap} title={format.time(created_at)}>
                {format.ago(created_at)}
              </td>
              <td className={t.number}>{format.number(cases)}</td>
              {told.map((name) => (
                <td key={name} className={t.number}>
                  {overall[name] ? format.exact(overall[name].value) : "–"}
                </td>
              ))}
              <td className={t.number}>{text.admin.jobs.seconds(format.number(Math.round(seconds)))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}
