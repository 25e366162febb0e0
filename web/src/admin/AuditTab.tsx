import { Download } from "lucide-react";
import { useState } from "react";
import { href } from "../app/routes";
import { saveAs } from "../app/save";
import { type AuditAction, type AuditEntry, useDocuBot } from "../client";
import { useFormat, useText } from "../i18n";
import { Badge } from "../ui/Badge";
import { Button } from "../ui/Button";
import { cx } from "../ui/cx";
import { Select } from "../ui/Select";
import t from "../ui/Table.module.css";
import { useToasts } from "../ui/Toasts";
import { ListTab } from "./ListTab";
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
  const client = useDocuBot();
  const { fail } = useToasts();
  const [action, setAction] = useState<AuditAction | "">("");
  const query = useAudit(action);
  const tools = (
    <>
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
    </>
  );
  return (
    <ListTab
      label={text.admin.tabs.audit}
      tools={tools}
      query={query}
      columns={words.columns}
      none={words.none}
      row={(entry) => <EntryRow key={entry.id} entry={entry} />}
    />
  );
}

function EntryRow({ entry }: { entry: AuditEntry }) {
  const words = useText().admin.audit;
  const format = useFormat();
  const { at, caller, caller_name, action, collection, document_id, item, outcome } = entry;
  return (
    <tr>
      <td className={cx(t.soft, t.nowrap)} title={format.time(at)}>
        {format.ago(at)}
      </td>
      <td dir="auto" title={caller}>
        {caller_name || (caller === "open" ? words.open : caller)}
      </td>
      <td className={t.nowrap}>
        <code>{action}</code>
      </td>
      <td className={t.break} dir="auto">
        {collection}{" "}
        {document_id && (
          <a href={href({ view: "document", id: document_id, page: null })} title={document_id}>
            <code className={t.nowrap}>…{document_id.slice(-8)}</code>
          </a>
        )}{" "}
        {item && (
          <code className={t.nowrap} title={item}>
            {item.length > 20 ? `…${item.slice(-8)}` : item}
          </code>
        )}
      </td>
      <td>
        <Badge tone={outcome === "refused" ? "bad" : "none"}>{outcome}</Badge>
      </td>
    </tr>
  );
}
