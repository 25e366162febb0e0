import { useText } from "../i18n";
import { Dialog } from "../ui/Dialog";
import s from "./KeysDialog.module.css";

const KEYS = [
  ["ask", ["/"]],
  ["new", ["n"]],
  ["documents", ["d"]],
  ["translate", ["t"]],
  ["next", ["j", "→"]],
  ["previous", ["k", "←"]],
  ["close", ["Esc"]],
  ["help", ["?"]],
] as const;

export function KeysDialog({ onClose }: { onClose(): void }) {
  const text = useText();
  return (
    <Dialog title={text.keys.title} onClose={onClose}>
      <dl className={s.keys}>
        {KEYS.map(([name, keys]) => (
          <div key={name}>
            <dt>{text.keys[name]}</dt>
            <dd>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
