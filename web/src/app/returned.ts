/** The way back from an issuer: it answers in the page's address, which is cleared of that before anything is drawn. */

/** What only this tab knows of a sign-in that has left for the issuer. */
export interface Departure {
  state: string;
  nonce: string;
  verifier: string;
  /** The `#` part of the address that one came from. */
  place: string;
}

export interface Returned {
  parameters: URLSearchParams;
  departure: Departure;
}

const STORED = "docubot.departure";

export function depart(departure: Departure): void {
  sessionStorage.setItem(STORED, JSON.stringify(departure));
}

/** Null when nobody was on the way, or the address holds no answer to it. */
export function takeReturned(): Returned | null {
  const departure = taken();
  const answers = [location.hash.slice(1), location.search.slice(1)].map((text) => new URLSearchParams(text));
  const parameters = answers.find((one) => one.has("state") && (one.has("code") || one.has("error")));
  if (!departure || !parameters) return null;
  history.replaceState(null, "", location.pathname + departure.place);
  return { parameters, departure };
}

function taken(): Departure | null {
  try {
    const text = sessionStorage.getItem(STORED);
    sessionStorage.removeItem(STORED);
    return text && JSON.parse(text);
  } catch {
    return null;
  }
}
