import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Ellipsis, KeyRound, Trash2, UserCheck, UserCog, UserPlus, UserX } from "lucide-react";
import { useState } from "react";
import { type User, type UserChange, useDocuBot } from "../client";
import { useFormat, useText } from "../i18n";
import { Badge } from "../ui/Badge";
import { Button, IconButton } from "../ui/Button";
import { ConfirmDialog } from "../ui/ConfirmDialog";
import { cx } from "../ui/cx";
import { Menu } from "../ui/Menu";
import t from "../ui/Table.module.css";
import { useToasts } from "../ui/Toasts";
import { ListTab } from "./ListTab";
import { adminKeys, useUsers } from "./queries";
import s from "./Tabs.module.css";
import { NewUserDialog, PasswordDialog, RolesDialog } from "./UserDialogs";

type Matter = "roles" | "password" | "remove";
type Asking = { what: "make" } | { what: Matter; user: User };

export function UsersTab() {
  const text = useText();
  const words = text.admin.users;
  const query = useUsers();
  const [asking, setAsking] = useState<Asking | null>(null);
  const done = () => setAsking(null);
  const tools = (
    <Button kind="primary" icon={UserPlus} onClick={() => setAsking({ what: "make" })}>
      {words.make}
    </Button>
  );
  return (
    <ListTab
      label={text.admin.tabs.users}
      tools={tools}
      query={query}
      columns={words.columns}
      acts
      none={words.none}
      row={(user) => <UserRow key={user.id} user={user} onAsk={(what) => setAsking({ what, user })} />}
    >
      {asking?.what === "make" && <NewUserDialog first={!query.items?.length} onClose={done} />}
      {asking?.what === "roles" && <RolesDialog user={asking.user} onClose={done} />}
      {asking?.what === "password" && <PasswordDialog user={asking.user} onClose={done} />}
      {asking?.what === "remove" && <RemoveDialog user={asking.user} onClose={done} />}
    </ListTab>
  );
}

function UserRow({ user, onAsk }: { user: User; onAsk(what: Matter): void }) {
  const text = useText();
  const words = text.admin.users;
  const format = useFormat();
  const change = useChange(user);
  const { username, roles, disabled_at, last_sign_in_at } = user;
  const items = [
    { label: words.changeRoles, icon: UserCog, act: () => onAsk("roles") },
    { label: words.newPassword, icon: KeyRound, act: () => onAsk("password") },
    disabled_at
      ? { label: words.enable, icon: UserCheck, act: () => change.mutate({ disabled: false }) }
      : { label: words.disable, icon: UserX, act: () => change.mutate({ disabled: true }) },
    { label: words.remove, icon: Trash2, danger: true, act: () => onAsk("remove") },
  ];
  return (
    <tr className={cx(disabled_at && s.gone)}>
      <td dir="auto">
        {username} {disabled_at && <Badge tone="bad">{words.disabled}</Badge>}
      </td>
      <td>
        <span className={s.scopes}>
          {roles.map(({ role, collections }) => (
            <Badge key={`${role} ${collections}`} tone={role === "admin" ? "accent" : "none"}>
              {role}
            </Badge>
          ))}
        </span>
      </td>
      <td dir="auto" className={cx(t.soft, t.break)}>
        {roles.map(({ collections }) => collections?.join(", ") ?? text.admin.keys.all).join("; ")}
      </td>
      <td className={cx(t.soft, t.nowrap)}>
        {last_sign_in_at ? format.ago(last_sign_in_at) : text.admin.keys.neverUsed}
      </td>
      <td className={t.end}>
        <Menu
          label={words.actionsOf(username)}
          items={items}
          trigger={(props) => <IconButton icon={Ellipsis} label={words.actionsOf(username)} {...props} />}
        />
      </td>
    </tr>
  );
}

function useChange(user: User) {
  const client = useDocuBot();
  const cache = useQueryClient();
  const { fail } = useToasts();
  return useMutation({
    mutationFn: (change: UserChange) => client.admin.changeUser(user.id, change),
    onSuccess: () => cache.invalidateQueries({ queryKey: adminKeys.users }),
    onError: fail,
  });
}

function RemoveDialog({ user, onClose }: { user: User; onClose(): void }) {
  const words = useText().admin.users;
  const client = useDocuBot();
  const cache = useQueryClient();
  const { fail } = useToasts();
  const remove = useMutation({
    mutationFn: () => client.admin.deleteUser(user.id),
    onSuccess: () => cache.invalidateQueries({ queryKey: adminKeys.users }),
    onError: fail,
    onSettled: onClose,
  });
  return (
    <ConfirmDialog
      title={words.removeConfirm(user.username)}
      text={words.removeText}
      go={words.remove}
      pending={remove.isPending}
      onGo={() => remove.mutate()}
      onClose={onClose}
    />
  );
}
