import { X } from "lucide-react";
import { type ReactNode, useEffect, useId, useRef } from "react";
import { useText } from "../i18n";
import { IconButton } from "./Button";
import s from "./Dialog.module.css";

interface Props {
  title: string;
  onClose(): void;
  children: ReactNode;
  /** Buttons, the one that goes ahead last. */
  actions?: ReactNode;
}

/** The browser's own modal dialog: it keeps the focus inside, closes on Escape and gives the focus back. */
export function Dialog({ title, onClose, children, actions }: Props) {
  const text = useText();
  const id = useId();
  const ref = useRef<HTMLDialogElement>(null);

  useEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);

  return (
    <dialog
      ref={ref}
      className={s.dialog}
      aria-labelledby={id}
      closedby="any"
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <header className={s.head}>
        <h2 id={id} dir="auto">
          {title}
        </h2>
        <IconButton icon={X} label={text.app.close} onClick={onClose} />
      </header>
      <div className={s.body}>{children}</div>
      {actions && <footer className={s.actions}>{actions}</footer>}
    </dialog>
  );
}
