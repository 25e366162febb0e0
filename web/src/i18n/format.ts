/** Numbers, sizes and times as a language writes them. */

/** "3 documents": the number, and the word in the form that it asks for. */
export function count(locale: string): (number: number, one: string, other: string) => string {
  const rules = new Intl.PluralRules(locale);
  const numbers = new Intl.NumberFormat(locale);
  return (number, one, other) => `${numbers.format(number)} ${rules.select(number) === "one" ? one : other}`;
}

export interface Format {
  number(value: number): string;
  bytes(value: number): string;
  /** "87%" of 0..1 */
  share(value: number): string;
  /** "0.875": a figure, to three digits behind the point. */
  exact(value: number): string;
  /** "2.4M": a number that is looked at rather than counted with. */
  short(value: number): string;
  /** "22 Nov" of a date without a time. */
  day(date: string): string;
  /** "3 minutes ago" */
  ago(time: string): string;
  /** The whole date and time. */
  time(time: string): string;
  language(code: string): string;
  list(items: readonly string[]): string;
}

const SIZES = ["B", "kB", "MB", "GB", "TB"] as const;
const STEPS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_557_600],
  ["month", 2_629_800],
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
];

export function formatsOf(locale: string): Format {
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto", style: "short" });
  const names = new Intl.DisplayNames(locale, { type: "language" });
  const numbers = new Intl.NumberFormat(locale);
  const moments = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });
  const lists = new Intl.ListFormat(locale);
  const shares = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 0 });
  const exacts = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 3 });
  const shorts = new Intl.NumberFormat(locale, { notation: "compact", maximumFractionDigits: 1 });
  const days = new Intl.DateTimeFormat(locale, { month: "short", day: "numeric", timeZone: "UTC" });
  return {
    number: (value) => numbers.format(value),
    bytes: (value) => formatBytes(locale, value),
    share: (value) => shares.format(value),
    exact: (value) => exacts.format(value),
    short: (value) => shorts.format(value),
    day: (date) => days.format(new Date(`${date}T00:00:00Z`)),
    ago: (time) => {
      const seconds = (Date.parse(time) - Date.now()) / 1000;
      const step = STEPS.find(([, size]) => Math.abs(seconds) >= size);
      return step ? relative.format(Math.round(seconds / step[1]), step[0]) : relative.format(0, "second");
    },
    time: (time) => moments.format(new Date(time)),
    language: (code) => {
      try {
        return names.of(code) ?? code;
      } catch {
        return code;
      }
    },
    list: (items) => lists.format(items),
  };
}

function formatBytes(locale: string, value: number): string {
  const power = value < 1000 ? 0 : Math.min(SIZES.length - 1, Math.floor(Math.log10(value) / 3));
  const numbers = new Intl.NumberFormat(locale, { maximumFractionDigits: power === 0 ? 0 : 1 });
  return `${numbers.format(value / 1000 ** power)}\u00A0${SIZES[power]}`;
}

/** "1–3, 7" */
export function ranges(numbers: readonly number[]): string {
  const parts: [number, number][] = [];
  for (const number of numbers) {
    const last = parts.at(-1);
    if (last && last[1] === number - 1) last[1] = number;
    else parts.push([number, number]);
  }
  return parts.map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`)).join(", ");
}
