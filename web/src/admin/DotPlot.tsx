import type { Figure } from "../client";
import { useFormat, useText } from "../i18n";
import s from "./DotPlot.module.css";

export interface Dot {
  label: string;
  figure: Figure;
}

/** Shares with their 95% intervals, one a row; the figures stand beside them. */
export function DotPlot({ title, dots }: { title: string; dots: readonly Dot[] }) {
  const text = useText();
  const format = useFormat();
  const percent = (value: number) => `${Math.min(100, Math.max(0, value * 100))}%`;
  return (
    <section className={s.plot}>
      <h3>{title}</h3>
      <dl>
        {dots.map(({ label, figure: { value, low, high, cases } }) => (
          <div key={label}>
            <dt dir="auto" title={label}>
              {label}
            </dt>
            <dd>
              <span className={s.line} aria-hidden>
                <i className={s.bar} style={{ inlineSize: percent(value) }} />
                <i
                  className={s.range}
                  style={{ insetInlineStart: percent(low), inlineSize: percent(high - low) }}
                />
                <i className={s.dot} style={{ insetInlineStart: percent(value) }} />
              </span>
              <strong>{format.exact(value)}</strong>
              <small>{text.admin.evaluations.interval(format.exact(low), format.exact(high), cases)}</small>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
