import { useMemo } from "react";
import { useFormat, useText } from "../i18n";
import { Select } from "../ui/Select";
import { useLanguages } from "./queries";

interface Props {
  label: string;
  value: string;
  /** Offers to leave the language open, under this name. */
  open?: string;
  onChoose(code: string): void;
}

/** Codes of the server's languages, by their names in the interface's language. */
export function LanguageSelect({ label, value, open, onChoose }: Props) {
  const text = useText();
  const format = useFormat();
  const { data = [] } = useLanguages();
  const names = useMemo(() => {
    const named = data.map(({ code }) => [code, format.language(code)] as const);
    return named.sort(([, a], [, b]) => a.localeCompare(b));
  }, [data, format]);
  return (
    <Select label={label} value={value} onChange={(event) => onChoose(event.target.value)}>
      {open !== undefined && <option value="">{open}</option>}
      {!names.length && value && <option value={value}>{value}</option>}
      {names.map(([code, name]) => (
        <option key={code} value={code}>
          {name}
        </option>
      ))}
      {!names.length && !value && <option value="">{text.app.loading}</option>}
    </Select>
  );
}
