import { QueryClientProvider } from "@tanstack/react-query";
import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from "react";
import { DocuBotClient, DocuBotError, DocuBotProvider } from "../client";
import { SignIn } from "../shell/SignIn";
import { apiUrl } from "./config";
import { newQueryClient } from "./queries";

interface Session {
  /** Whether the page speaks with somebody's key. */
  signedIn: boolean;
  signOut(): void;
}

const Context = createContext<Session | null>(null);
const STORED = "docubot.key";

/** For whom the page speaks. A server that wants a key is told one; it lives as long as the tab, and nowhere else. */
export function SessionProvider({ children }: { children: ReactNode }) {
  const [key, setKey] = useState(storedKey);
  const [refused, setRefused] = useState(false);
  // With another key come another client and an empty cache: what one person read is not shown to the next.
  const client = useMemo(() => clientOf(key, () => setRefused(true)), [key]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  const queries = useMemo(newQueryClient, [client]);

  const change = useCallback((next: string | null) => {
    store(next);
    setKey(next);
    setRefused(false);
  }, []);
  const session = useMemo(() => ({ signedIn: key !== null, signOut: () => change(null) }), [key, change]);

  if (refused) return <SignIn check={check} onKey={change} />;
  return (
    <Context value={session}>
      <QueryClientProvider key={key} client={queries}>
        <DocuBotProvider client={client}>{children}</DocuBotProvider>
      </QueryClientProvider>
    </Context>
  );
}

export function useSession(): Session {
  const session = useContext(Context);
  if (!session) throw new Error("useSession works below a SessionProvider.");
  return session;
}

function clientOf(key: string | null, onUnauthorized?: () => void): DocuBotClient {
  return new DocuBotClient({
    baseUrl: apiUrl(),
    ...(key !== null && { headers: () => ({ Authorization: `Bearer ${key}` }) }),
    ...(onUnauthorized && { onUnauthorized }),
  });
}

/** Whether the server knows the key. Rejects when it cannot be asked. */
async function check(key: string): Promise<boolean> {
  try {
    await clientOf(key).listCollections({ limit: 1 });
  } catch (error) {
    if (!(error instanceof DocuBotError)) throw error;
    if (error.status === 401) return false;
    if (error.status !== 403) throw error; // a key that may not list may still ask
  }
  return true;
}

function storedKey(): string | null {
  try {
    return sessionStorage.getItem(STORED);
  } catch {
    return null;
  }
}

function store(key: string | null): void {
  try {
    if (key === null) sessionStorage.removeItem(STORED);
    else sessionStorage.setItem(STORED, key);
  } catch {
    // Without storage the key is asked for again after a reload.
  }
}
