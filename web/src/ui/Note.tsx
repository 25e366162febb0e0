import { CircleAlert, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { explain, useText } from "../i18n";
import { cx } from "./cx";
import s from "./Note.module.css";

const ICONS = { info: Info, warn: TriangleAlert, bad: CircleAlert };

interface Props {
  tone: keyof typeof ICONS;
  children: ReactNode;
  actions?: ReactNode;
  role?: "alert" | "status";
}

/** A short remark that stands in the page. */
export function Note({ tone, children, actions, role }: Props) {
  const Icon = ICONS[tone];
  return (
    <div className={cx(s.note, s[tone])} role={role}>
      <Icon size={16} aria-hidden />
      <div className={s.text} dir="auto">
        {children}
      </div>
      {actions}
    </div>
  );
}

interface TroubleProps {
  code: string;
  message: string;
  requestId?: string | null;
  actions?: ReactNode;
}

/** What went wrong, in plain words, and what to do about it. */
export function Trouble({ code, message, requestId, actions }: TroubleProps) {
  const text = useText();
  const { what, todo } = explain(text, code, message);
  return (
    <Note tone="bad" role="alert" actions={actions}>
      <strong>{what}</strong> {todo}
      {requestId && code === "internal_error" && (
        <code className={s.request}>
          {text.app.requestId} {requestId}
        </code>
      )}
    </Note>
  );
}
