import { FileUp } from "lucide-react";
import { useText } from "../i18n";
import s from "./FirstDocuments.module.css";

export function FirstDocuments() {
  const text = useText();
  return (
    <div className={s.first}>
      <div className={s.card}>
        <FileUp size={34} strokeWidth={1.4} aria-hidden />
        <h2>{text.documents.emptyTitle}</h2>
        <p>{text.documents.emptyText}</p>
        <small>{text.documents.types}</small>
      </div>
    </div>
  );
}
