import { type ComponentProps, useId } from "react";
import s from "./Field.module.css";

interface Props extends ComponentProps<"input"> {
  label: string;
  hint?: string;
}

export function Field({ label, hint, ...rest }: Props) {
  const id = useId();
  return (
    <div className={s.field}>
      <label htmlFor={id}>{label}</label>
      <input id={id} dir="auto" aria-describedby={hint ? `${id}-hint` : undefined} {...rest} />
      {hint && <small id={`${id}-hint`}>{hint}</small>}
    </div>
  );
}
