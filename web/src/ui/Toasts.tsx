import { CircleAlert, X } from "lucide-react";
import { createContext, type ReactNode, useCallback, useContext, useState } from "react";
import { DocuBotError } from "../client";
import { explain, useText } from "../i18n";
import { IconButton } from "./Button";
import s from "./Toasts.module.css";

interface Toast {
  id: number;
  text: string;
  bad: boolean;
}

interface Toasting {
  say(text: string): void;
  /** Tells a failure of something that a person asked for. */
  fail(error: unknown): void;
}

const Context = createContext<Toasting | null>(null);
const STAYS = 6000;
let last = 0;

export function ToastProvider({ children }: { children: ReactNode }) {
  const text = useText();
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const dismiss = useCallback((id: number) => setToasts((all) => all.filter((toast) => toast.id !== id)), []);
  const show = useCallback(
    (message: string, bad: boolean) => {
      last += 1;
      const toast = { id: last, text: message, bad };
      // The same said twice is said once.
      setToasts((all) => [...all.filter((other) => other.text !== message).slice(-2), toast]);
      setTimeout(() => dismiss(toast.id), bad ? STAYS * 2 : STAYS);
    },
    [dismiss],
  );
  const say = useCallback((message: string) => show(message, false), [show]);
  const fail = useCallback(
    (error: unknown) => {
      const code = error instanceof DocuBotError ? error.code : "unknown";
      const { what, todo } = explain(text, code, error instanceof Error ? error.message : "");
      show(`${what} ${todo}`, true);
    },
    [show, text],
  );

  return (
    <Context value={{ say, fail }}>
      {children}
      <div className={s.toasts} role="status" aria-live="polite">
        {toasts.map((toast) => (
          <div key={toast.id} className={s.toast} data-bad={toast.bad}>
            {toast.bad && <CircleAlert size={16} aria-hidden />}
            <span dir="auto">{toast.text}</span>
            <IconButton icon={X} size={14} label={text.app.close} onClick={() => dismiss(toast.id)} />
          </div>
        ))}
      </div>
    </Context>
  );
}

export function useToasts(): Toasting {
  const toasting = useContext(Context);
  if (!toasting) throw new Error("useToasts works below a ToastProvider.");
  return toasting;
}
