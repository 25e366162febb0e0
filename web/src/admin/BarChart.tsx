import type { CSSProperties } from "react";
import { useFormat } from "../i18n";
import s from "./BarChart.module.css";

export interface Series {
  name: string;
  color: string;
  values: readonly number[];
}

interface Props {
  title: string;
  /** One a column, as "2026-11-22". */
  days: readonly string[];
  /** Stacked, the first one at the bottom. */
  series: readonly Series[];
}

const HEIGHT = 132;

/** Columns by day. The same figures stand in the table below it. */
export function BarChart({ title, days, series }: Props) {
  const format = useFormat();
  const sums = days.map((_, day) => series.reduce((sum, { values }) => sum + (values[day] ?? 0), 0));
  const top = ceiling(Math.max(...sums, 1));
  const total = sums.reduce((sum, value) => sum + value, 0);
  const scale = HEIGHT / top;
  return (
    <figure className={s.chart}>
      <figcaption>
        <span>{title}</span>
        <strong>{format.short(total)}</strong>
      </figcaption>
      <svg
        viewBox={`0 0 ${days.length * 10} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${title}: ${series.map(({ name, values }) => `${name} ${format.number(sum(values))}`).join(", ")}`}
      >
        {[0.5, 1].map((at) => (
          <line
            key={at}
            className={s.grid}
            x1={0}
            x2={days.length * 10}
            y1={HEIGHT * (1 - at)}
            y2={HEIGHT * (1 - at)}
          />
        ))}
        {days.map((day, index) => {
          let y = HEIGHT;
          return (
            <g key={day}>
              <title>{`${format.day(day)}: ${series.map(({ name, values }) => `${name} ${format.number(values[index] ?? 0)}`).join(", ")}`}</title>
              <rect className={s.hit} x={index * 10} y={0} width={10} height={HEIGHT} />
              {series.map(({ name, color, values }) => {
                const height = (values[index] ?? 0) * scale;
                y -= height;
                return <rect key={name} x={index * 10 + 1.5} y={y} width={7} height={height} fill={color} />;
              })}
            </g>
          );
        })}
      </svg>
      <div className={s.axis} aria-hidden>
        <span>{format.day(days[0] ?? "")}</span>
        {total > 0 && <span className={s.top}>{format.short(top)}</span>}
        <span>{format.day(days.at(-1) ?? "")}</span>
      </div>
      {series.length > 1 && (
        <ul className={s.legend}>
          {series.map(({ name, color, values }) => (
            <li key={name} style={{ "--swatch": color } as CSSProperties}>
              {name} <strong>{format.short(sum(values))}</strong>
            </li>
          ))}
        </ul>
      )}
    </figure>
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}

/** 1, 2 or 5 times a power of ten, or the next above. */
export function ceiling(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5].find((step) => step * power >= value) ?? 10) * power;
}
