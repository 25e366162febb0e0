import type { ReactNode } from "react";
import s from "./Badge.module.css";

export type Tone = "good" | "warn" | "bad" | "accent" | "none";

/** A word that tells a state. */
export function Badge({ tone = "none", children }: { tone?: Tone; children: ReactNode }) {
  return (
    <span className={s.badge} data-tone={tone}>
      {children}
    </span>
  );
}
