import type { ComponentProps } from "react";
import { cx } from "./cx";
import s from "./Scroller.module.css";

/** A part of the page that scrolls by itself; it can be reached and scrolled by keys, and has a name. */
export function Scroller({ className, ...rest }: ComponentProps<"section"> & { "aria-label": string }) {
  // biome-ignore lint/a11y/noNoninteractiveTabindex: WCAG 2.1.1, what scrolls has to be scrollable without a pointer
  return <section tabIndex={0} className={cx(s.scroller, className)} {...rest} />;
}
