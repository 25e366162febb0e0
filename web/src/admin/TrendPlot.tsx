import type { EvaluationRun, Figure } from "../client";
import { useFormat } from "../i18n";
import s from "./TrendPlot.module.css";

interface Props {
  title: string;
  measure: string;
  /** Newest first, as the server lists them. */
  runs: readonly EvaluationRun[];
}

const WIDTH = 640;
const HEIGHT = 190;
const LEFT = 44;
const BOTTOM = 26;
const TOP = 10;

/** One share over the runs of a dataset, oldest to newest, with its intervals. */
export function TrendPlot({ title, measure, runs }: Props) {
  const format = useFormat();
  const points = [...runs]
    .reverse()
    .map((run) => ({ run, figure: run.overall[measure] }))
    .filter((point): point is { run: EvaluationRun; figure: Figure } => point.figure !== undefined);
  const x = (index: number) => LEFT + ((index + 0.5) * (WIDTH - LEFT)) / points.length;
  const y = (value: number) => TOP + (1 - value) * (HEIGHT - TOP - BOTTOM);
  const path = points
    .map(({ figure }, index) => `${index ? "L" : "M"}${x(index)} ${y(figure.value)}`)
    .join("");
  return (
    <figure className={s.trend}>
      <figcaption>{title}</figcaption>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={`${title}: ${points.map(({ run, figure }) => `${format.time(run.created_at)} ${format.exact(figure.value)}`).join(", ")}`}
      >
        {[0, 0.5, 1].map((at) => (
          <g key={at}>
            <line className={s.grid} x1={LEFT} x2={WIDTH} y1={y(at)} y2={y(at)} />
            <text className={s.tick} x={LEFT - 8} y={y(at) + 4} textAnchor="end">
              {format.share(at)}
            </text>
          </g>
        ))}
        <path className={s.line} d={path} />
        {points.map(({ run, figure }, index) => (
          <g key={run.id}>
            <title>{`${format.time(run.created_at)}: ${format.exact(figure.value)}`}</title>
            <line className={s.range} x1={x(index)} x2={x(index)} y1={y(figure.low)} y2={y(figure.high)} />
            <circle className={s.dot} cx={x(index)} cy={y(figure.value)} r={4.5} />
            {(points.length < 9 || index === points.length - 1) && (
              <text className={s.tick} x={x(index)} y={HEIGHT - 8} textAnchor="middle">
                {format.day(run.created_at.slice(0, 10))}
              </text>
            )}
          </g>
        ))}
      </svg>
    </figure>
  );
}
