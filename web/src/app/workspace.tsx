import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from "react";
import { useCollections } from "./queries";
import { remember, remembered } from "./storage";

/** Documents that questions are limited to. */
export type Scope = readonly { id: string; filename: string }[];

interface Workspace {
  collection: string;
  choose(collection: string): void;
  /** Empty: the whole collection. */
  scope: Scope;
  limitTo(scope: Scope): void;
}

const Context = createContext<Workspace | null>(null);
export const DEFAULT_COLLECTION = "default";

/** Where a person works: the chosen collection, and the documents in it that questions are limited to. */
export function WorkspaceProvider({ children }: { children: ReactNode }) {
  const [chosen, setChosen] = useState(() => remembered("collection"));
  const { data = [] } = useCollections();
  const collection = chosen ?? opening(data);
  const [scope, limitTo] = useState<Scope>([]);
  const choose = useCallback((name: string) => {
    remember("collection", name);
    setChosen(name);
    limitTo([]);
  }, []);
  const value = useMemo(() => ({ collection, choose, scope, limitTo }), [collection, choose, scope]);
  return <Context value={value}>{children}</Context>;
}

/** Where somebody begins who has not chosen yet: where documents are, rather than in an empty default collection. */
export function opening(collections: readonly { name: string; documents: number }[]): string {
  const filled = collections.filter(({ documents }) => documents > 0).map(({ name }) => name);
  return filled.includes(DEFAULT_COLLECTION) ? DEFAULT_COLLECTION : (filled[0] ?? DEFAULT_COLLECTION);
}

export function useWorkspace(): Workspace {
  const workspace = useContext(Context);
  if (!workspace) throw new Error("useWorkspace works below a WorkspaceProvider.");
  return workspace;
}
