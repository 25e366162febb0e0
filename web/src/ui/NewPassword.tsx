import { useText } from "../i18n";
import { Field } from "./Field";

/** Characters that the server asks for. */
export const SHORTEST = 12;

interface Props {
  label: string;
  value: string;
  onChange(value: string): void;
  autoFocus?: boolean;
}

export function NewPassword({ label, value, onChange, autoFocus = false }: Props) {
  return (
    <Field
      label={label}
      hint={useText().admin.users.passwordHint}
      type="password"
      autoComplete="new-password"
      autoFocus={autoFocus}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
