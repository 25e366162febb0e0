/** Where the API is: this origin, unless the page says otherwise in index.html or was built for another. */
export function apiUrl(): string {
  const meta = document.querySelector<HTMLMetaElement>('meta[name="docubot-api"]')?.content.trim();
  return meta || import.meta.env.VITE_API_URL || "";
}
