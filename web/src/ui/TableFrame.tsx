import type { ReactNode } from "react";
import { Scroller } from "./Scroller";
import t from "./Table.module.css";

/** Around a table that may be wider than the screen: it scrolls sideways, by keys too. */
export function TableFrame({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Scroller className={t.frame} aria-label={label}>
      {children}
    </Scroller>
  );
}
