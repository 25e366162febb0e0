import { FileDown } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { navigate } from "../app/routes";
import { useWorkspace } from "../app/workspace";
import { useText } from "../i18n";
import { useToasts } from "../ui/Toasts";
import s from "./DropZone.module.css";
import { useLibrary } from "./library";
import { readDrop } from "./readDrop";

/** The whole window takes files. */
export function DropZone() {
  const text = useText();
  const { collection } = useWorkspace();
  const { uploads } = useLibrary();
  const { fail } = useToasts();
  const [over, setOver] = useState(false);
  const drop = useRef<(transfer: DataTransfer) => void>(() => undefined);

  useEffect(() => {
    drop.current = (transfer) => {
      readDrop(transfer)
        .then((found) => {
          uploads.add(found.map(({ file, folder }) => ({ file, folder, collection })));
          if (found.length) navigate({ view: "documents" });
        })
        .catch(fail);
    };
  });

  useEffect(() => {
    let depth = 0;
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
    const enter = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      depth += 1;
      setOver(true);
    };
    const leave = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      depth -= 1;
      setOver(depth > 0);
    };
    const allow = (event: DragEvent) => {
      if (hasFiles(event)) event.preventDefault();
    };
    const dropped = (event: DragEvent) => {
      if (!hasFiles(event) || !event.dataTransfer) return;
      event.preventDefault();
      depth = 0;
      setOver(false);
      drop.current(event.dataTransfer);
    };
    const listeners = { dragenter: enter, dragleave: leave, dragover: allow, drop: dropped };
    const all = Object.entries(listeners) as [keyof typeof listeners, (event: DragEvent) => void][];
    for (const [name, listener] of all) window.addEventListener(name, listener);
    return () => {
      for (const [name, listener] of all) window.removeEventListener(name, listener);
    };
  }, []);

  if (!over) return null;
  return (
    <div className={s.veil} aria-hidden>
      <div className={s.card}>
        <FileDown size={36} strokeWidth={1.5} />
        <span dir="auto">{text.documents.drop(collection)}</span>
      </div>
    </div>
  );
}
