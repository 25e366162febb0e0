/** Which figures of an evaluation are shares, and in which order they are shown. */
import type { Figure } from "../client";

const COSTS = /^(latency|first_token|search_p|prompt_tokens|completion_tokens)/;

export type Figures = Record<string, Figure>;

/** Shares of 0..1, which a dot on a line can show; the rest are milliseconds and tokens. */
export function isShare(name: string): boolean {
  return !COSTS.test(name);
}

export function shares(figures: Figures): [string, Figure][] {
  return Object.entries(figures).filter(([name]) => isShare(name));
}

export function costs(figures: Figures): [string, Figure][] {
  return Object.entries(figures).filter(([name]) => !isShare(name));
}
