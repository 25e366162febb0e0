/** Names of collections as people write them, with commas between; null for none, which means all. */
export function namesIn(text: string): string[] | null {
  const names = text
    .split(/[,，]/)
    .map((name) => name.trim())
    .filter(Boolean);
  return names.length ? names : null;
}
