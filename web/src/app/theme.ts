/** Light, dark, or as the system has it. */
import { useState } from "react";
import { remember, remembered } from "./storage";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

export function applyTheme(theme: Theme = rememberedTheme()): void {
  document.documentElement.style.colorScheme = theme === "system" ? "light dark" : theme;
}

export function useTheme(): [Theme, (theme: Theme) => void] {
  const [theme, set] = useState(rememberedTheme);
  const choose = (chosen: Theme) => {
    remember("theme", chosen === "system" ? null : chosen);
    applyTheme(chosen);
    set(chosen);
  };
  return [theme, choose];
}

function rememberedTheme(): Theme {
  const found = remembered("theme");
  return THEMES.find((theme) => theme === found) ?? "system";
}
