import { Download } from "lucide-react";
import { useState } from "react";
import { href } from "../app/routes";
import { saveAs } from "../app/save";
import { type AuditAction, useDocuBot } from "../client";
import { useFormat, useText } from "../i18n";
import { Badge } from "../ui/Badge";
import { Button } from "../ui/Button";
import { cx } from "../ui/cx";
import { Select } from "../ui/Select";
import t from "../ui/Table.module.css";
import { useToasts } from "../ui/Toasts";
import { More } from "./More";
import { useAudit } from "./queries";
import s from "./Tabs.module.css";

const ACTIONS: readonly AuditAction[] = [
  "document.upload",
  "document.replace",
  "document.change",
  "document.delete",
  "document.download",
  "document.translate",
  "key.create",
  "key.rotate",
  "key.revoke",
];

export function AuditTab() {
  const text = useText();
  const words = text.admin.audit;
  const format = useFormat();
  const client = useDocuBot();
  const { fail } = useToasts();
  const [action, setAction] = useState<AuditAction | "">("");
  const query = useAudit(action);
  const { items } = query;
  return (
    <div className={s.tab}>
      <div className={s.tools}>
        <Select
          label={words.action}
          value={action}
          onChange={(event) => setAction(event.target.value as AuditAction | "")}
        >
          <option value="">{words.all}</option>
          {ACTIONS.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </Select>
        <span className={s.spring} />
        <Button
          icon={Download}
          onClick={() => void client.admin.auditFile().then((file) => saveAs(file, "audit.jsonl"), fail)}
        >
          {words.export}
        </Button>
      </div>
      {items && !items.length && <p className={s.intro}>{words.none}</p>}
      {items && items.length > 0 && (
        <div className={t.frame}>
          <table className={t.table}>
            <thead>
              <tr>
                {Object.values(words.columns).map((name) => (
                  <th key={name} scope="col">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {items.map(
                ({ id, at, caller, caller_name, action: done, collection, document_id, item, outcome }) => (
                  <tr key={id}>
                    <td className={cx(t.soft, t.nowrap)} title={format.time(at)}>
                      {format.ago(at)}
                    </td>
                    <td dir="auto" title={caller}>
                      {caller_name || (caller === "open" ? words.open : caller)}
                    </td>
                    <td className={t.nowrap}>
                      <code>{done}</code>
                    </td>
                    <td className={t.break} dir="auto">
                      {collection}{" "}
                      {document_id && (
                        <a href={href({ view: "document", id: document_id, page: null })} title={document_id}>
                          <code>…{document_id.slice(-8)}</code>
                        </a>
                      )}{" "}
                      {item && <code title={item}>{item.length > 20 ? `…${item.slice(-8)}` : item}</code>}
                    </td>
                    <td>
                      <Badge tone={outcome === "refused" ? "bad" : "none"}>{outcome}</Badge>
                    </td>
                  </tr>
                ),
              )}
            </tbody>
          </table>
        </div>
      )}
      <More query={query} />
    </div>
  );
}
