import type { CSSProperties } from "react";
import type { ParseReport } from "../client";
import { useText } from "../i18n";
import { cx } from "../ui/cx";
import { arrowStep } from "../ui/direction";
import s from "./Strip.module.css";

interface Props {
  report: ParseReport;
  current: number;
  onGo(page: number): void;
}

/** Above this many pages several share a bar. */
const MOST_BARS = 240;

interface Bar {
  first: number;
  last: number;
  characters: number;
  state: "text" | "warned" | "empty";
}

/** The document as a picture: a bar a page, as tall as its text is long, coloured where something is amiss. */
export function Strip({ report, current, onGo }: Props) {
  const text = useText();
  const bars = barsOf(report);
  const longest = Math.max(1, ...bars.map(({ characters }) => characters));
  return (
    <nav
      className={s.strip}
      style={{ "--bars": bars.length } as CSSProperties}
      aria-label={text.document.strip}
    >
      {bars.map(({ first, last, characters, state }) => {
        const here = current >= first && current <= last;
        const note = state === "empty" ? `, ${text.document.noTextLayer}` : "";
        return (
          <button
            key={first}
            type="button"
            // One stop for the keyboard; the arrows are the page list's.
            tabIndex={here ? 0 : -1}
            className={cx(s.bar, here && s.here)}
            data-state={state}
            aria-current={here ? "page" : undefined}
            aria-label={text.document.stripPage(first, characters) + note}
            title={text.document.stripPage(first, characters) + note}
            onClick={() => onGo(first)}
            onKeyDown={(event) => {
              const step = arrowStep(event);
              const to = step > 0 ? last + 1 : first - 1;
              if (step === 0 || to < 1 || to > report.page_count) return;
              event.preventDefault();
              event.stopPropagation();
              onGo(to);
              const next = step > 0 ? "nextElementSibling" : "previousElementSibling";
              (event.currentTarget[next] as HTMLElement | null)?.focus();
            }}
          >
            <span style={{ blockSize: `${state === "empty" ? 100 : 12 + (88 * characters) / longest}%` }} />
          </button>
        );
      })}
    </nav>
  );
}

function barsOf({ pages, warnings }: ParseReport): Bar[] {
  const warned = new Set(warnings.map(({ page }) => page));
  const size = Math.ceil(pages.length / MOST_BARS);
  const bars: Bar[] = [];
  for (let at = 0; at < pages.length; at += size) {
    const group = pages.slice(at, at + size);
    const empty = group.some(({ has_text_layer }) => !has_text_layer);
    bars.push({
      first: group[0]?.number ?? 1,
      last: group.at(-1)?.number ?? 1,
      characters: group.reduce((sum, { characters }) => sum + characters, 0),
      state: empty ? "empty" : group.some(({ number }) => warned.has(number)) ? "warned" : "text",
    });
  }
  return bars;
}
