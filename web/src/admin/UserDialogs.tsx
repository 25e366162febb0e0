import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { DocuBotError, type User, useDocuBot } from "../client";
import { useText } from "../i18n";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { Field } from "../ui/Field";
import { Note, Trouble } from "../ui/Note";
import { Select } from "../ui/Select";
import { useToasts } from "../ui/Toasts";
import { namesIn } from "./names";
import { adminKeys, useRoles } from "./queries";

/** As the server asks for. */
const SHORTEST = 12;

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
  const [role, setRole] = useState("reader");
  const [where, setWhere] = useState("");
  const scopes = roles.find((one) => one.role === role)?.scopes ?? [];
  const everywhere = scopes.includes("admin");
  const create = useMutation({
    mutationFn: () => {
      const collections = everywhere ? null : namesIn(where);
      return client.admin.createUser({ username: username.trim(), password, roles: [{ role, collections }] });
    },
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
      <NewPassword value={password} onChange={setPassword} />
      <Select label={words.role} value={role} onChange={(event) => setRole(event.target.value)}>
        {roles.map((one) => (
          <option key={one.role} value={one.role}>
            {one.role} ({one.scopes.join(", ")})
          </option>
        ))}
      </Select>
      {!everywhere && (
        <Field
          label={text.admin.keys.collections}
          hint={text.admin.keys.collectionsHint}
          value={where}
          onChange={(event) => setWhere(event.target.value)}
        />
      )}
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
      <NewPassword value={password} onChange={setPassword} autoFocus />
      <Failed error={save.error} />
    </Dialog>
  );
}

interface NewPasswordProps {
  value: string;
  onChange(value: string): void;
  autoFocus?: boolean;
}

function NewPassword({ value, onChange, autoFocus = false }: NewPasswordProps) {
  const words = useText().admin.users;
  return (
    <Field
      label={words.password}
      hint={words.passwordHint}
      type="password"
      autoComplete="new-password"
      autoFocus={autoFocus}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

function Failed({ error }: { error: Error | null }) {
  return error instanceof DocuBotError && <Trouble code={error.code} message={error.message} />;
}
