/** What this browser remembers of a person's taste; never anything secret. Works without storage as well. */
export function remembered(name: string): string | null {
  try {
    return localStorage.getItem(`docubot.${name}`);
  } catch {
    return null;
  }
}

export function remember(name: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(`docubot.${name}`);
    else localStorage.setItem(`docubot.${name}`, value);
  } catch {
    // Private windows and full disks: the choice lasts as long as the page.
  }
}
