import { CircleAlert, CircleCheck, TriangleAlert } from "lucide-react";
import { useReadiness } from "../app/queries";
import { useFormat, useText } from "../i18n";
import { Badge } from "../ui/Badge";
import t from "../ui/Table.module.css";
import { TableFrame } from "../ui/TableFrame";
import s from "./Tabs.module.css";

const ICONS = { ready: CircleCheck, degraded: TriangleAlert, not_ready: CircleAlert };

export function HealthTab() {
  const text = useText();
  const words = text.admin.health;
  const format = useFormat();
  const { data, dataUpdatedAt } = useReadiness();
  if (!data) return <p className={s.intro}>{text.app.loading}</p>;
  const Icon = ICONS[data.status];
  return (
    <div className={s.tab}>
      <div className={s.verdict} data-status={data.status} role="status">
        <Icon size={20} aria-hidden />
        {words.statuses[data.status]}
        <small>{words.checked(format.ago(new Date(dataUpdatedAt).toISOString()))}</small>
      </div>
      <TableFrame label={text.admin.tabs.health}>
        <table className={t.table}>
          <thead>
            <tr>
              <th scope="col">{words.columns.what}</th>
              <th scope="col">{words.columns.state}</th>
              <th scope="col" className={t.number}>
                {words.columns.latency}
              </th>
              <th scope="col">{words.columns.reason}</th>
            </tr>
          </thead>
          <tbody>
            {data.dependencies.map(({ name, ok, latency_ms, reason, required }) => (
              <tr key={name}>
                <td>
                  {words.names[name] ?? name}
                  {required && <span className={t.faint}> · {words.needed}</span>}
                </td>
                <td>
                  <Badge tone={ok ? "good" : required ? "bad" : "warn"}>{ok ? words.up : words.down}</Badge>
                </td>
                <td className={t.number}>
                  {words.milliseconds(format.number(Math.round(latency_ms * 10) / 10))}
                </td>
                <td className={`${t.soft} ${t.break}`} dir="auto">
                  {reason}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
    </div>
  );
}
