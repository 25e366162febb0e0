import { useState } from "react";
import type { Setting } from "../client";
import { useText } from "../i18n";
import { Badge } from "../ui/Badge";
import { cx } from "../ui/cx";
import { Field } from "../ui/Field";
import t from "../ui/Table.module.css";
import { TableFrame } from "../ui/TableFrame";
import { useSettings } from "./queries";
import s from "./Tabs.module.css";

export function SettingsTab() {
  const text = useText();
  const words = text.admin.settings;
  const { data } = useSettings();
  const [query, setQuery] = useState("");
  const [changedOnly, setChangedOnly] = useState(false);
  if (!data) return <p className={s.intro}>{text.app.loading}</p>;
  const wanted = query.trim().toUpperCase().replaceAll(" ", "_");
  const found = data.settings.filter(
    ({ name, changed }) => name.includes(wanted) && (changed || !changedOnly),
  );
  return (
    <div className={s.tab}>
      <p className={s.intro}>
        {words.intro} <strong>{words.version(data.version)}</strong>
      </p>
      <div className={s.tools}>
        <Field
          label={words.filter}
          type="search"
          value={query}
          onChange={(event) => setQuery(event.target.value)}
        />
        <label className={s.check}>
          <input
            type="checkbox"
            checked={changedOnly}
            onChange={(event) => setChangedOnly(event.target.checked)}
          />
          {words.changedOnly}
        </label>
      </div>
      <TableFrame label={text.admin.tabs.settings}>
        <table className={t.table}>
          <thead>
            <tr>
              <th scope="col">{words.columns.name}</th>
              <th scope="col">{words.columns.value}</th>
              <th scope="col">{words.columns.default}</th>
            </tr>
          </thead>
          <tbody>
            {found.map((setting) => (
              <tr key={setting.name}>
                <td className={t.nowrap}>
                  <code>{setting.name}</code>
                </td>
                <td className={t.break}>
                  <Value setting={setting} />{" "}
                  {setting.changed && !setting.secret && <Badge tone="accent">{words.changed}</Badge>}
                </td>
                <td className={cx(t.faint, t.break)}>
                  {!setting.secret && <code>{shown(setting.default)}</code>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
    </div>
  );
}

function Value({ setting: { value, secret } }: { setting: Setting }) {
  const words = useText().admin.settings;
  if (secret && value === null) return <span className={t.faint}>{words.secretUnset}</span>;
  if (secret) return <Badge tone="good">{words.secretSet}</Badge>;
  const text = shown(value);
  return text ? <code>{text}</code> : <span className={t.faint}>{words.empty}</span>;
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value)) return value.join(", ");
  if (typeof value !== "object") return String(value);
  return Object.keys(value).length ? JSON.stringify(value) : "";
}
