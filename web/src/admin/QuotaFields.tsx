import type { QuotaLimits } from "../client";
import { useText } from "../i18n";
import { Field } from "../ui/Field";
import s from "./Tabs.module.css";

export const QUOTAS = [
  "documents",
  "pages",
  "bytes",
  "tokens_a_day",
] as const satisfies readonly (keyof QuotaLimits)[];

/** What is typed, bytes in megabytes; empty: no limit. */
export type TypedLimits = Record<(typeof QUOTAS)[number], string>;

const MEGABYTE = 1_000_000;
const UNTYPED: TypedLimits = { documents: "", pages: "", bytes: "", tokens_a_day: "" };

export function typedLimits(limits?: QuotaLimits): TypedLimits {
  const typed = { ...UNTYPED };
  for (const name of QUOTAS) {
    const value = limits?.[name] ?? null;
    if (value !== null) typed[name] = String(name === "bytes" ? value / MEGABYTE : value);
  }
  return typed;
}

export function limitsOf(typed: TypedLimits): QuotaLimits {
  const of = (text: string, times = 1) => (text.trim() ? Math.round(Number(text) * times) : null);
  return {
    documents: of(typed.documents),
    pages: of(typed.pages),
    bytes: of(typed.bytes, MEGABYTE),
    tokens_a_day: of(typed.tokens_a_day),
  };
}

interface Props {
  value: TypedLimits;
  onChange(value: TypedLimits): void;
}

export function QuotaFields({ value, onChange }: Props) {
  const words = useText().admin.keys.quotas;
  return (
    <div className={s.pairs}>
      {QUOTAS.map((name) => (
        <Field
          key={name}
          label={words.fields[name]}
          type="number"
          min={0}
          step={name === "bytes" ? "any" : 1}
          placeholder={words.unlimited}
          value={value[name]}
          onChange={(event) => onChange({ ...value, [name]: event.target.value })}
        />
      ))}
    </div>
  );
}
