import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useState,
  useSyncExternalStore,
} from "react";
import { type DocumentPages, keys } from "../app/queries";
import {
  DocuBotError,
  type Document,
  type JobState,
  JobWatcher,
  type UploadItem,
  type Uploading,
  useDocuBot,
  useUpload,
} from "../client";

interface Library {
  uploads: Uploading;
  jobs: ReadonlyMap<string, JobState>;
  /** Follow jobs until they end; the documents they work on are read anew then. */
  watch(jobs: readonly { jobId: string; documentId: string }[]): void;
  /** Read a document anew and put it where it is shown. */
  refresh(documentId: string): Promise<void>;
}

const Context = createContext<Library | null>(null);

/** Uploads and the jobs behind them. They go on while a person looks at something else. */
export function LibraryProvider({ children }: { children: ReactNode }) {
  const client = useDocuBot();
  const cache = useQueryClient();
  const [documentOf] = useState(() => new Map<string, string>());

  const refresh = useCallback(
    async (id: string) => {
      try {
        putDocument(cache, await client.getDocument(id));
      } catch (error) {
        if (error instanceof DocuBotError && error.code === "document_not_found") dropDocument(cache, id);
      }
    },
    [cache, client],
  );

  const [watcher] = useState(
    () =>
      new JobWatcher(client, (jobId) => {
        const id = documentOf.get(jobId);
        documentOf.delete(jobId);
        if (id) void refresh(id);
        countAnew(cache);
      }),
  );
  const jobs = useSyncExternalStore(watcher.subscribe, watcher.states);
  const watch = useCallback<Library["watch"]>(
    (fresh) => {
      for (const { jobId, documentId } of fresh) documentOf.set(jobId, documentId);
      watcher.watch(fresh.map(({ jobId }) => jobId));
    },
    [documentOf, watcher],
  );

  const uploads = useUpload((_: UploadItem, { id, job_id }) => {
    if (!id) return;
    if (job_id) watch([{ jobId: job_id, documentId: id }]);
    void refresh(id);
    countAnew(cache);
  });

  useEffect(() => () => watcher.stop(), [watcher]);
  return <Context value={{ uploads, jobs, watch, refresh }}>{children}</Context>;
}

export function useLibrary(): Library {
  const library = useContext(Context);
  if (!library) throw new Error("useLibrary works below a LibraryProvider.");
  return library;
}

/** Replaces it where it is listed; a new one comes first. */
function putDocument(cache: QueryClient, document: Document): void {
  cache.setQueryData(keys.document(document.id), document);
  cache.setQueryData<DocumentPages>(keys.documents(document.collection), (data) => {
    if (!data?.pages[0]) return data;
    let found = false;
    const pages = data.pages.map((page) => {
      if (!page.items.some(({ id }) => id === document.id)) return page;
      found = true;
      return { ...page, items: page.items.map((item) => (item.id === document.id ? document : item)) };
    });
    if (!found) pages[0] = { ...data.pages[0], items: [document, ...data.pages[0].items] };
    return { ...data, pages };
  });
}

export function dropDocument(cache: QueryClient, id: string): void {
  cache.removeQueries({ queryKey: keys.document(id) });
  cache.setQueriesData<DocumentPages>({ queryKey: ["documents"] }, (data) => {
    if (!data) return data;
    const pages = data.pages.map((page) => ({ ...page, items: page.items.filter((item) => item.id !== id) }));
    return { ...data, pages };
  });
}

let counting = false;

/** The collections' counts, soon: thousands of files end one after the other. */
export function countAnew(cache: QueryClient): void {
  if (counting) return;
  counting = true;
  setTimeout(() => {
    counting = false;
    void cache.invalidateQueries({ queryKey: keys.collections });
  }, 800);
}
