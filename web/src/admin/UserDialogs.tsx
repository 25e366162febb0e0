import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { DocuBotError, type User, useDocuBot } from "../client";
import { useText } from "../i18n";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { Field } from "../ui/Field";
import { NewPassword, SHORTEST } from "../ui/NewPassword";
import { Note, Trouble } from "../ui/Note";
import { useToasts } from "../ui/Toasts";
import { adminKeys, useRoles } from "./queries";
import { draftsOf, RoleFields, rolesOf } from "./RoleFields";

interface NewUserProps {
  /** Whether nobody is there yet: whoever is first shuts the door. */
  first: boolean;
  onClose(): void;
}

export function NewUserDialog({ first, onClose }: NewUserProps) {
  const text = useText();
  const words = text.admin.users;
  const client = useDocuBot();
  const cache = useQueryClient();
  const roles = useRoles().data ?? [];
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const [drafts, setDrafts] = useState(() => draftsOf([{ role: "reader" }]));
  const create = useMutation({
    mutationFn: () =>
      client.admin.createUser({ username: username.trim(), password, roles: rolesOf(drafts, roles) }),
    onSuccess: async () => {
      onClose();
      await cache.invalidateQueries({ queryKey: adminKeys.users });
    },
  });
  return (
    <Dialog
      title={words.make}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{text.app.cancel}</Button>
          <Button
            kind="primary"
            disabled={!username.trim() || password.length < SHORTEST || create.isPending}
            onClick={() => create.mutate()}
          >
            {words.create}
          </Button>
        </>
      }
    >
      <Field
        label={words.username}
        value={username}
        autoComplete="off"
        autoCapitalize="none"
        autoFocus
        onChange={(event) => setUsername(event.target.value)}
      />
      <NewPassword label={words.password} value={password} onChange={setPassword} />
      <RoleFields drafts={drafts} defined={roles} onChange={setDrafts} />
      {first && <Note tone="info">{words.firstNote}</Note>}
      <Failed error={create.error} />
    </Dialog>
  );
}

export function PasswordDialog({ user, onClose }: { user: User; onClose(): void }) {
  const text = useText();
  const words = text.admin.users;
  const client = useDocuBot();
  const { say } = useToasts();
  const [password, setPassword] = useState("");
  const save = useMutation({
    mutationFn: () => client.admin.changeUser(user.id, { password }),
    onSuccess: () => {
      say(words.passwordSaved);
      onClose();
    },
  });
  return (
    <Dialog
      title={words.passwordOf(user.username)}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{text.app.cancel}</Button>
          <Button
            kind="primary"
            disabled={password.length < SHORTEST || save.isPending}
            onClick={() => save.mutate()}
          >
            {words.save}
          </Button>
        </>
      }
    >
      <NewPassword label={words.password} value={password} onChange={setPassword} autoFocus />
      <Failed error={save.error} />
    </Dialog>
  );
}

export function RolesDialog({ user, onClose }: { user: User; onClose(): void }) {
  const text = useText();
  const words = text.admin.users;
  const client = useDocuBot();
  const cache = useQueryClient();
  const roles = useRoles().data ?? [];
  const [drafts, setDrafts] = useState(() => draftsOf(user.roles));
  const save = useMutation({
    mutationFn: () => client.admin.changeUser(user.id, { roles: rolesOf(drafts, roles) }),
    onSuccess: async () => {
      onClose();
      await cache.invalidateQueries({ queryKey: adminKeys.users });
    },
  });
  return (
    <Dialog
      title={words.rolesOf(user.username)}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{text.app.cancel}</Button>
          <Button kind="primary" disabled={!roles.length || save.isPending} onClick={() => save.mutate()}>
            {words.saveRoles}
          </Button>
        </>
      }
    >
      <RoleFields drafts={drafts} defined={roles} onChange={setDrafts} />
      <p>{words.rolesNote}</p>
      <Failed error={save.error} />
    </Dialog>
  );
}

function Failed({ error }: { error: Error | null }) {
  return error instanceof DocuBotError && <Trouble code={error.code} message={error.message} />;
}
