import { useEffect, useRef } from "react";
import type { Citation } from "../client";
import { useText } from "../i18n";
import s from "./QuoteCard.module.css";

const GAP = 8;

/** What a citation quotes, beside its chip. The chip itself leads to the page, so this takes no clicks. */
export function QuoteCard({ citation, at }: { citation: Citation; at: DOMRect }) {
  const text = useText();
  const ref = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const card = ref.current;
    if (!card) return;
    card.showPopover();
    const { offsetWidth: width, offsetHeight: height } = card;
    const above = at.top - GAP - height;
    card.style.top = `${above >= GAP ? above : at.bottom + GAP}px`;
    card.style.left = `${Math.max(GAP, Math.min(at.left + at.width / 2 - width / 2, innerWidth - width - GAP))}px`;
  }, [at]);

  const { filename, page, page_label, locator, section, quote, verified } = citation;
  const where = page === null ? locator?.value : text.ask.page(page_label ?? String(page));
  return (
    <div ref={ref} popover="manual" role="tooltip" className={s.card}>
      <blockquote dir="auto">{quote}</blockquote>
      <p className={s.where}>
        <strong dir="auto">{filename}</strong>
        {where && <span>{where}</span>}
        {section && (
          <span className={s.section} dir="auto">
            {section}
          </span>
        )}
      </p>
      {verified === "none" && <p className={s.doubt}>{text.ask.weakQuote}</p>}
    </div>
  );
}
