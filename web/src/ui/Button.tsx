import type { LucideIcon } from "lucide-react";
import type { ComponentProps } from "react";
import s from "./Button.module.css";
import { cx } from "./cx";

interface Props extends ComponentProps<"button"> {
  icon?: LucideIcon;
  kind?: "primary" | "plain" | "quiet" | "danger";
  small?: boolean;
}

export function Button({ icon: Icon, kind = "plain", small, className, children, ...rest }: Props) {
  return (
    <button type="button" className={cx(s.button, s[kind], small && s.small, className)} {...rest}>
      {Icon && <Icon size={small ? 14 : 16} aria-hidden />}
      {children}
    </button>
  );
}

interface IconProps extends Omit<ComponentProps<"button">, "children"> {
  icon: LucideIcon;
  /** What it does, for screen readers and as a tooltip. */
  label: string;
  /** The key that does the same. */
  shortcut?: string;
  size?: number;
}

export function IconButton({ icon: Icon, label, shortcut, size = 16, className, ...rest }: IconProps) {
  return (
    <button
      type="button"
      className={cx(s.icon, className)}
      aria-label={label}
      aria-keyshortcuts={shortcut}
      title={shortcut ? `${label} (${shortcut})` : label}
      {...rest}
    >
      <Icon size={size} aria-hidden />
    </button>
  );
}
