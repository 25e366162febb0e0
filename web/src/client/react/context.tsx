import { createContext, type ReactNode, useContext } from "react";
import type { DocuBotClient } from "../client";

const Context = createContext<DocuBotClient | null>(null);

export function DocuBotProvider({ client, children }: { client: DocuBotClient; children: ReactNode }) {
  return <Context value={client}>{children}</Context>;
}

export function useDocuBot(): DocuBotClient {
  const client = useContext(Context);
  if (!client) throw new Error("DocuBot's hooks work below a DocuBotProvider.");
  return client;
}
