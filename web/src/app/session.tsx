import { QueryClientProvider } from "@tanstack/react-query";
import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from "react";
import { DocuBotClient, DocuBotProvider } from "../client";
import { SignIn } from "../shell/SignIn";
import { Bearer } from "./bearer";
import { apiUrl } from "./config";
import { type Credentials, ofUser, store, stored } from "./credentials";
import { newQueryClient } from "./queries";
import { takeReturned } from "./returned";

interface Session {
  /** Whether the page speaks for somebody. */
  signedIn: boolean;
  signOut(): void;
  /** Of a user of the server's own; null for everybody else. This tab stays signed in, all others do not. */
  changePassword: ((username: string, present: string, next: string) => Promise<void>) | null;
}

const Context = createContext<Session | null>(null);

/** Speaks for nobody: what is asked to get in. */
const door = new DocuBotClient({ baseUrl: apiUrl() });
const bearer = new Bearer(
  stored(),
  {
    user: async (refresh) => ofUser(await door.auth.renew(refresh)),
    issuer: async (refresh) => (await import("./issuer")).renew(await door.auth.entry(), refresh),
  },
  store,
  new BroadcastChannel("docubot.session"),
);

/** Speaks for the same person, and renews no tokens. */
const direct = new DocuBotClient({ baseUrl: apiUrl(), headers: bearer.headers });

/** Taken at once, before anything reads the address. */
const returned = takeReturned();

/** For whom the page speaks. Who that is lives as long as the tab, and nowhere else. */
export function SessionProvider({ children }: { children: ReactNode }) {
  const [person, setPerson] = useState(0);
  const [leftIssuer, setLeftIssuer] = useState(false);
  const [refused, setRefused] = useState<"first" | "ended" | null>(returned && "first");
  // With another person come another client and an empty cache: what one read is not shown to the next.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  const client = useMemo(() => {
    const { headers, renew } = bearer;
    const onUnauthorized = () => {
      const why = bearer.current ? "ended" : "first";
      setRefused((before) => before ?? why);
      if (bearer.current) bearer.become(null);
    };
    return new DocuBotClient({ baseUrl: apiUrl(), headers, renew, onUnauthorized });
  }, [person]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  const queries = useMemo(newQueryClient, [client]);

  const become = useCallback((next: Credentials | null) => {
    bearer.become(next);
    setPerson((before) => before + 1);
    setRefused(null);
  }, []);
  const session = useMemo(() => {
    const signOut = () => {
      // Also when the server cannot be told: this tab has forgotten the tokens then, and they run out by themselves.
      setLeftIssuer(bearer.current?.kind === "issuer");
      if (bearer.current?.kind === "user") door.auth.revoke(bearer.current.refresh).catch(() => undefined);
      become(null);
    };
    const changePassword = async (username: string, present: string, next: string) => {
      await client.auth.me(); // else the call below may come with a token that has run out
      await bearer.anew(async () => {
        await direct.auth.changePassword(present, next);
        return ofUser(await door.auth.signIn(username, next));
      });
    };
    const ours = bearer.current?.kind === "user";
    return {
      person,
      signedIn: bearer.current !== null,
      signOut,
      changePassword: ours ? changePassword : null,
    };
  }, [person, client, become]);

  if (refused)
    return (
      <SignIn
        door={door}
        ended={refused === "ended"}
        returned={person === 0 ? returned : null}
        leftIssuer={leftIssuer}
        onCredentials={become}
      />
    );
  return (
    <Context value={session}>
      <QueryClientProvider key={person} client={queries}>
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
