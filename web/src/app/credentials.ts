/** What a person signed in with. It is kept for this tab, until it is closed, and nowhere else. */
import { DocuBotClient, type Tokens } from "../client";
import { apiUrl } from "./config";

export type Credentials =
  | { kind: "key"; access: string; refresh: null }
  /** `refresh` is good once. */
  | { kind: "user"; access: string; refresh: string }
  /** An issuer may give none. */
  | { kind: "issuer"; access: string; refresh: string | null };

const STORED = "docubot.credentials";

export function ofUser({ access_token, refresh_token }: Tokens): Credentials {
  return { kind: "user", access: access_token, refresh: refresh_token };
}

/** The credentials, once the server knows them. Rejects when it does not, or cannot be asked. */
export async function checked(credentials: Credentials): Promise<Credentials> {
  const headers = () => ({ Authorization: `Bearer ${credentials.access}` });
  await new DocuBotClient({ baseUrl: apiUrl(), headers }).auth.me();
  return credentials;
}

export function stored(): Credentials | null {
  try {
    return JSON.parse(sessionStorage.getItem(STORED) ?? "null") as Credentials | null;
  } catch {
    return null;
  }
}

export function store(credentials: Credentials | null): void {
  try {
    if (credentials === null) sessionStorage.removeItem(STORED);
    else sessionStorage.setItem(STORED, JSON.stringify(credentials));
  } catch {
    // Without storage one signs in again after a reload.
  }
}
