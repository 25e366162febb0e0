import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Ellipsis, Gauge, KeyRound, RefreshCw, ShieldOff } from "lucide-react";
import { useState } from "react";
import { type Key, type MadeKey, useDocuBot } from "../client";
import { useFormat, useText } from "../i18n";
import { Badge } from "../ui/Badge";
import { Button, IconButton } from "../ui/Button";
import { ConfirmDialog } from "../ui/ConfirmDialog";
import { cx } from "../ui/cx";
import { Menu } from "../ui/Menu";
import t from "../ui/Table.module.css";
import { useToasts } from "../ui/Toasts";
import { ListTab } from "./ListTab";
import { NewKeyDialog, SecretDialog } from "./NewKeyDialog";
import { QuotasCell, QuotasDialog } from "./QuotasDialog";
import { adminKeys, useKeys } from "./queries";
import s from "./Tabs.module.css";

type Asking = { key: Key; what: "rotate" | "revoke" };
type Wanted = Asking["what"] | "quotas";

export function KeysTab() {
  const text = useText();
  const words = text.admin.keys;
  const query = useKeys();
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<{ key: MadeKey; first: boolean } | null>(null);
  const [asking, setAsking] = useState<Asking | null>(null);
  const [limiting, setLimiting] = useState<Key | null>(null);
  const tools = (
    <Button kind="primary" icon={KeyRound} onClick={() => setMaking(true)}>
      {words.make}
    </Button>
  );
  return (
    <ListTab
      label={text.admin.tabs.keys}
      tools={tools}
      query={query}
      columns={words.columns}
      acts
      none={words.none}
      row={(key) => (
        <KeyRow
          key={key.id}
          value={key}
          onAsk={(what) => (what === "quotas" ? setLimiting(key) : setAsking({ key, what }))}
        />
      )}
    >
      {making && (
        <NewKeyDialog
          onClose={() => setMaking(false)}
          onMade={(key) => {
            setMaking(false);
            setMade({ key, first: !query.items?.length });
          }}
        />
      )}
      {asking && (
        <Ask
          asking={asking}
          onClose={() => setAsking(null)}
          onMade={(key) => setMade({ key, first: false })}
        />
      )}
      {limiting && <QuotasDialog value={limiting} onClose={() => setLimiting(null)} />}
      {made && <SecretDialog made={made.key} first={made.first} onClose={() => setMade(null)} />}
    </ListTab>
  );
}

function KeyRow({ value, onAsk }: { value: Key; onAsk(what: Wanted): void }) {
  const words = useText().admin.keys;
  const format = useFormat();
  const { name, prefix, scopes, collections, last_used_at, expires_at, revoked_at } = value;
  const ended = expires_at !== null && Date.parse(expires_at) <= Date.now();
  const items = [
    { label: words.quotas.title, icon: Gauge, act: () => onAsk("quotas") },
    { label: words.rotate, icon: RefreshCw, act: () => onAsk("rotate") },
    { label: words.revoke, icon: ShieldOff, danger: true, act: () => onAsk("revoke") },
  ];
  return (
    <tr className={cx((revoked_at || ended) && s.gone)}>
      <td dir="auto">{name}</td>
      <td>
        <code>{prefix}…</code>
      </td>
      <td>
        <span className={s.scopes}>
          {scopes.map((scope) => (
            <Badge key={scope} tone={scope === "admin" ? "accent" : "none"}>
              {scope}
            </Badge>
          ))}
        </span>
      </td>
      <td dir="auto" className={t.soft}>
        {collections ? collections.join(", ") : words.all}
      </td>
      <td className={cx(t.soft, t.nowrap)}>
        <QuotasCell value={value} />
      </td>
      <td className={cx(t.soft, t.nowrap)}>{last_used_at ? format.ago(last_used_at) : words.neverUsed}</td>
      <td className={t.nowrap}>
        {revoked_at ? (
          <Badge tone="bad">{words.revoked}</Badge>
        ) : ended ? (
          <Badge tone="warn">{words.expired}</Badge>
        ) : expires_at ? (
          format.time(expires_at)
        ) : (
          <span className={t.faint}>{words.never}</span>
        )}
      </td>
      <td className={t.end}>
        {!revoked_at && (
          <Menu
            label={words.actionsOf(name)}
            items={items}
            trigger={(props) => <IconButton icon={Ellipsis} label={words.actionsOf(name)} {...props} />}
          />
        )}
      </td>
    </tr>
  );
}

interface AskProps {
  asking: Asking;
  onClose(): void;
  onMade(key: MadeKey): void;
}

function Ask({ asking: { key, what }, onClose, onMade }: AskProps) {
  const words = useText().admin.keys;
  const client = useDocuBot();
  const cache = useQueryClient();
  const { fail } = useToasts();
  const act = useMutation({
    mutationFn: async () => {
      if (what === "rotate") onMade(await client.admin.rotateKey(key.id));
      else await client.admin.revokeKey(key.id);
    },
    onSuccess: () => cache.invalidateQueries({ queryKey: adminKeys.keys }),
    onError: fail,
    onSettled: onClose,
  });
  return (
    <ConfirmDialog
      title={what === "rotate" ? words.rotateConfirm(key.name) : words.revokeConfirm(key.name)}
      text={what === "rotate" ? words.rotateText : words.revokeText}
      go={words[what]}
      pending={act.isPending}
      onGo={() => act.mutate()}
      onClose={onClose}
    />
  );
}
