import { BookOpen, Languages, Monitor, Moon, Sun } from "lucide-react";
import { apiUrl } from "../app/config";
import { THEMES, useTheme } from "../app/theme";
import { LOCALES, type Locale, useLanguage } from "../i18n";
import { IconButton } from "../ui/Button";
import { Menu } from "../ui/Menu";
import s from "./Preferences.module.css";

const ICONS = { system: Monitor, light: Sun, dark: Moon };

export function Preferences() {
  const { text, locale, choose } = useLanguage();
  const [theme, setTheme] = useTheme();
  return (
    <div className={s.preferences}>
      <Menu
        label={text.nav.theme}
        items={THEMES.map((name) => ({
          label: text.nav.themes[name],
          icon: ICONS[name],
          checked: name === theme,
          act: () => setTheme(name),
        }))}
        trigger={(props) => <IconButton icon={ICONS[theme]} label={text.nav.theme} {...props} />}
      />
      <Menu
        label={text.nav.language}
        items={(Object.keys(LOCALES) as Locale[]).map((code) => ({
          label: LOCALES[code],
          checked: code === locale,
          act: () => choose(code),
        }))}
        trigger={(props) => <IconButton icon={Languages} label={text.nav.language} {...props} />}
      />
      <a className={s.link} href={`${apiUrl()}/docs`} title={text.nav.api} aria-label={text.nav.api}>
        <BookOpen size={16} aria-hidden />
      </a>
    </div>
  );
}
