import { useId } from "react";
import s from "./Segments.module.css";

interface Props<T extends string> {
  label: string;
  value: T;
  choices: Record<T, string>;
  onChoose(choice: T): void;
}

/** One of a few, side by side. */
export function Segments<T extends string>({ label, value, choices, onChoose }: Props<T>) {
  const name = useId();
  const entries = Object.entries(choices) as [T, string][];
  return (
    <fieldset className={s.segments}>
      <legend className="visually-hidden">{label}</legend>
      {entries.map(([choice, words]) => (
        <label key={choice}>
          <input type="radio" name={name} checked={choice === value} onChange={() => onChoose(choice)} />
          {words}
        </label>
      ))}
    </fieldset>
  );
}
