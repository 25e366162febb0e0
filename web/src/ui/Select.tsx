import { type ComponentProps, type ReactNode, useId } from "react";
import { cx } from "./cx";
import s from "./Field.module.css";

interface Props extends ComponentProps<"select"> {
  label: string;
  /** Where the label is plain from what stands around it: told to screen readers alone. */
  quiet?: boolean;
  children: ReactNode;
}

export function Select({ label, quiet, children, className, ...rest }: Props) {
  const id = useId();
  return (
    <div className={cx(s.field, className)}>
      <label htmlFor={id} className={quiet ? "visually-hidden" : undefined}>
        {label}
      </label>
      <select id={id} {...rest}>
        {children}
      </select>
    </div>
  );
}
