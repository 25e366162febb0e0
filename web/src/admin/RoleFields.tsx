import { Plus, X } from "lucide-react";
import type { DefinedRole, NewUser } from "../client";
import { useText } from "../i18n";
import { Button, IconButton } from "../ui/Button";
import { Field } from "../ui/Field";
import { Select } from "../ui/Select";
import { namesIn } from "./names";
import s from "./RoleFields.module.css";

/** One role as it is being written: where it holds is text until it is sent. */
export interface RoleDraft {
  id: number;
  role: string;
  where: string;
}

/** What the server accepts for one user. */
const MOST = 50;

export function draftsOf(roles: NewUser["roles"]): RoleDraft[] {
  return roles.map(({ role, collections }, id) => ({ id, role, where: collections?.join(", ") ?? "" }));
}

/** As the server takes them; administrators reach everything. */
export function rolesOf(drafts: readonly RoleDraft[], defined: readonly DefinedRole[]): NewUser["roles"] {
  return drafts.map(({ role, where }) => ({
    role,
    collections: everywhere(role, defined) ? null : namesIn(where),
  }));
}

function everywhere(role: string, defined: readonly DefinedRole[]): boolean {
  return defined.find((one) => one.role === role)?.scopes.includes("admin") ?? false;
}

interface Props {
  drafts: readonly RoleDraft[];
  defined: readonly DefinedRole[];
  onChange(drafts: RoleDraft[]): void;
}

/** A user's roles, each with the collections that it holds in. */
export function RoleFields({ drafts, defined, onChange }: Props) {
  const text = useText();
  const words = text.admin.users;
  const set = (id: number, change: Partial<RoleDraft>) =>
    onChange(drafts.map((draft) => (draft.id === id ? { ...draft, ...change } : draft)));
  const add = () =>
    onChange([...drafts, { id: Math.max(...drafts.map(({ id }) => id)) + 1, role: "reader", where: "" }]);
  return (
    <>
      {drafts.map(({ id, role, where }) => (
        <div key={id} className={s.role}>
          <div className={s.fields}>
            <Select
              label={words.role}
              value={role}
              onChange={(event) => set(id, { role: event.target.value })}
            >
              {defined.map((one) => (
                <option key={one.role} value={one.role}>
                  {one.role} ({one.scopes.join(", ")})
                </option>
              ))}
            </Select>
            {!everywhere(role, defined) && (
              <Field
                label={text.admin.keys.collections}
                hint={text.admin.keys.collectionsHint}
                value={where}
                onChange={(event) => set(id, { where: event.target.value })}
              />
            )}
          </div>
          {drafts.length > 1 && (
            <IconButton
              icon={X}
              label={words.dropRole(role)}
              onClick={() => onChange(drafts.filter((draft) => draft.id !== id))}
            />
          )}
        </div>
      ))}
      {drafts.length < MOST && (
        <Button icon={Plus} onClick={add}>
          {words.addRole}
        </Button>
      )}
    </>
  );
}
