import { useState } from "react";
import type { CollectionUsage, UsageDay, UsageReport } from "../client";
import { useFormat, useText } from "../i18n";
import { cx } from "../ui/cx";
import { Select } from "../ui/Select";
import t from "../ui/Table.module.css";
import { TableFrame } from "../ui/TableFrame";
import { BarChart } from "./BarChart";
import { useUsage } from "./queries";
import s from "./Tabs.module.css";

const PERIODS = [7, 30, 90, 365];
type Count = Exclude<keyof UsageDay, "day">;

export function UsageTab() {
  const text = useText();
  const [days, setDays] = useState(30);
  const { data } = useUsage(days);
  return (
    <div className={s.tab}>
      <div className={s.tools}>
        <Select
          label={text.admin.usage.days}
          value={days}
          onChange={(event) => setDays(Number(event.target.value))}
        >
          {PERIODS.map((period) => (
            <option key={period} value={period}>
              {text.admin.usage.lastDays(period)}
            </option>
          ))}
        </Select>
        <p className={s.aside}>{text.admin.usage.note}</p>
      </div>
      {data && <Charts days={data.days} />}
      {data && (
        <section>
          <h2>{text.admin.usage.collections}</h2>
          <Collections collections={data.collections} />
        </section>
      )}
      {data && <DaysTable days={data.days} />}
    </div>
  );
}

function Charts({ days }: { days: UsageReport["days"] }) {
  const words = useText().admin.usage;
  const dates = days.map(({ day }) => day);
  const series = (name: string, of: Count, color: string) => ({
    name,
    color,
    values: days.map((day) => day[of]),
  });
  return (
    <div className={s.charts}>
      <BarChart
        title={words.questions}
        days={dates}
        series={[
          series(words.answered, "answered", "var(--accent)"),
          series(words.partial, "partial", "var(--mark)"),
          series(words.not_found, "not_found", "var(--line-strong)"),
        ]}
      />
      <BarChart
        title={words.tokens}
        days={dates}
        series={[
          series(
            words.promptTokens,
            "prompt_tokens",
            "color-mix(in oklab, var(--accent) 55%, var(--surface))",
          ),
          series(words.completionTokens, "completion_tokens", "var(--accent)"),
        ]}
      />
      <BarChart title={words.pages} days={dates} series={[series(words.pages, "pages", "var(--accent)")]} />
      <BarChart
        title={words.ratings}
        days={dates}
        series={[
          series(words.ups, "rated_up", "var(--good)"),
          series(words.downs, "rated_down", "var(--bad)"),
        ]}
      />
      <BarChart
        title={words.files}
        days={dates}
        series={[series(words.files, "versions", "var(--accent)")]}
      />
      <BarChart
        title={words.failedJobs}
        days={dates}
        series={[series(words.failedJobs, "jobs_failed", "var(--bad)")]}
      />
    </div>
  );
}

function Collections({ collections }: { collections: readonly CollectionUsage[] }) {
  const text = useText();
  const words = text.admin.usage;
  const format = useFormat();
  return (
    <TableFrame label={words.collections}>
      <table className={t.table}>
        <thead>
          <tr>
            <th scope="col">{words.collection}</th>
            {[words.documents, text.documents.columns.pages, words.passages, words.size, words.questions].map(
              (name) => (
                <th key={name} scope="col" className={t.number}>
                  {name}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody>
          {collections.map(({ name, documents, pages, chunks, bytes, questions }) => (
            <tr key={name}>
              <td dir="auto">{name}</td>
              <td className={t.number}>{format.number(documents)}</td>
              <td className={t.number}>{format.number(pages)}</td>
              <td className={t.number}>{format.number(chunks)}</td>
              <td className={t.number}>{format.bytes(bytes)}</td>
              <td className={t.number}>{format.number(questions)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

const COLUMNS = [
  ["questions", "questions"],
  ["answered", "answered"],
  ["partial", "partial"],
  ["not_found", "not_found"],
  ["promptTokens", "prompt_tokens"],
  ["completionTokens", "completion_tokens"],
  ["files", "versions"],
  ["pages", "pages"],
  ["translations", "translations"],
  ["failedJobs", "jobs_failed"],
] as const satisfies readonly [string, Count][];

/** The charts' figures, for who cannot see them or wants to copy them. */
function DaysTable({ days }: { days: UsageReport["days"] }) {
  const words = useText().admin.usage;
  const format = useFormat();
  const busy = days.filter((day) => COLUMNS.some(([, of]) => day[of] > 0)).reverse();
  return (
    <details className={s.details}>
      <summary>{words.table}</summary>
      {!busy.length && <p>{words.none}</p>}
      {busy.length > 0 && (
        <TableFrame label={words.table}>
          <table className={t.table}>
            <thead>
              <tr>
                <th scope="col">{words.day}</th>
                {COLUMNS.map(([name]) => (
                  <th key={name} scope="col" className={t.number}>
                    {words[name]}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {busy.map((day) => (
                <tr key={day.day}>
                  <td className={cx(t.nowrap)}>{format.day(day.day)}</td>
                  {COLUMNS.map(([name, of]) => (
                    <td key={name} className={t.number}>
                      {format.number(day[of])}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </TableFrame>
      )}
    </details>
  );
}
