import { createContext, type ReactNode, useContext, useEffect, useState } from "react";
import { remember, remembered } from "../app/storage";
import { type Dictionary, en } from "./en";
import { type Format, formatsOf } from "./format";

/** English comes with the page; the others when they are wanted. */
const LOADERS = {
  en: async () => en,
  zh: async () => (await import("./zh")).zh,
  es: async () => (await import("./es")).es,
} satisfies Record<string, () => Promise<Dictionary>>;

export type Locale = keyof typeof LOADERS;
export const LOCALES: Record<Locale, string> = { en: "English", zh: "中文", es: "Español" };

interface Language {
  locale: Locale;
  text: Dictionary;
  format: Format;
  choose(locale: Locale): void;
}

const Context = createContext<Language | null>(null);

export function LanguageProvider({ children }: { children: ReactNode }) {
  const [wanted, setWanted] = useState(firstLocale);
  const [loaded, setLoaded] = useState<Omit<Language, "choose"> | null>(null);

  useEffect(() => {
    let current = true;
    void LOADERS[wanted]().then((text) => {
      if (!current) return;
      document.documentElement.lang = wanted;
      setLoaded({ locale: wanted, text, format: formatsOf(wanted) });
    });
    return () => {
      current = false;
    };
  }, [wanted]);

  const choose = (locale: Locale) => {
    remember("language", locale);
    setWanted(locale);
  };
  return loaded && <Context value={{ ...loaded, choose }}>{children}</Context>;
}

export function useLanguage(): Language {
  const language = useContext(Context);
  if (!language) throw new Error("useLanguage works below a LanguageProvider.");
  return language;
}

export function useText(): Dictionary {
  return useLanguage().text;
}

export function useFormat(): Format {
  return useLanguage().format;
}

/** What a code means, in the interface's language; the server's own words where it has none. */
export function explain(text: Dictionary, code: string, message: string): { what: string; todo: string } {
  return text.errors[code] ?? { what: message || text.errors.unknown.what, todo: "" };
}

function firstLocale(): Locale {
  for (const tag of [remembered("language"), ...navigator.languages]) {
    const code = tag?.split("-")[0];
    if (code && code in LOADERS) return code as Locale;
  }
  return "en";
}
