import type { ReactNode } from "react";
import s from "./View.module.css";

interface Props {
  title: string;
  /** Beside the title. */
  actions?: ReactNode;
  /** Below the title, above what scrolls. */
  tabs?: ReactNode;
  children: ReactNode;
}

/** The frame of a view: its title, its tabs, and a part that scrolls. */
export function View({ title, actions, tabs, children }: Props) {
  return (
    <div className={s.view}>
      <header className={s.head}>
        <h1>{title}</h1>
        {actions}
      </header>
      {tabs && <div className={s.tabs}>{tabs}</div>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: WCAG 2.1.1, what scrolls has to be scrollable without a pointer */}
      <section className={s.body} tabIndex={0} aria-label={title}>
        {children}
      </section>
    </div>
  );
}
