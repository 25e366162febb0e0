/** What is read from the server, and under which key it is remembered. */
import {
  type InfiniteData,
  QueryClient,
  queryOptions,
  useInfiniteQuery,
  useQuery,
} from "@tanstack/react-query";
import { useEffect } from "react";
import { type DocuBotClient, DocuBotError, type Document, type Page, useDocuBot } from "../client";

export const keys = {
  ready: ["ready"] as const,
  me: ["me"] as const,
  collections: ["collections"] as const,
  documents: (collection: string) => ["documents", collection] as const,
  document: (id: string) => ["document", id] as const,
  report: (id: string, version: number | undefined) => ["report", id, version] as const,
  versions: (id: string) => ["versions", id] as const,
  translations: (id: string) => ["translations", id] as const,
  translation: (id: string) => ["translation", id] as const,
  aligned: (id: string) => ["aligned", id] as const,
  languages: ["languages"] as const,
  glossaries: ["glossaries"] as const,
  chunks: (id: string) => ["chunks", id] as const,
  image: (id: string, number: number, scale: number, version: number | undefined) =>
    ["image", id, number, scale, version] as const,
  page: (id: string, number: number, version: number | undefined) => ["page", id, number, version] as const,
  conversations: (collection: string) => ["conversations", collection] as const,
  conversation: (id: string) => ["conversation", id] as const,
};

export function newQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        // What the server answered will not change by asking again at once; a server that is away may come back.
        retry: (failures, error) => failures < 3 && error instanceof DocuBotError && error.temporary,
        networkMode: "always",
      },
      mutations: { networkMode: "always" },
    },
  });
}

export function useReadiness() {
  const client = useDocuBot();
  return useQuery({
    queryKey: keys.ready,
    queryFn: ({ signal }) => client.ready(signal),
    retry: false,
    refetchInterval: ({ state }) => (state.status === "error" ? 3000 : 20_000),
  });
}

/** Who the caller is to the server. */
export function useMe() {
  const client = useDocuBot();
  return useQuery({
    queryKey: keys.me,
    queryFn: ({ signal }) => client.auth.me(signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function useCollections() {
  const client = useDocuBot();
  return useQuery({ queryKey: keys.collections, queryFn: ({ signal }) => allCollections(client, signal) });
}

async function allCollections(client: DocuBotClient, signal: AbortSignal) {
  const found = [];
  let cursor: string | null | undefined = null;
  do {
    const page: Awaited<ReturnType<DocuBotClient["listCollections"]>> = await client.listCollections({
      cursor,
      signal,
    });
    found.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor);
  return found;
}

export type DocumentPages = InfiniteData<Page<Document>, string | null>;

/** All documents of a collection; page after page arrives by itself. */
export function useDocuments(collection: string) {
  const client = useDocuBot();
  const query = useInfiniteQuery({
    queryKey: keys.documents(collection),
    queryFn: async ({ pageParam, signal }) =>
      emptyIfNew(client.listDocuments({ collection, cursor: pageParam, signal })),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor ?? null,
    // Changes are patched in as they happen; a long list is not read anew at each look.
    staleTime: 120_000,
  });
  const { hasNextPage, isFetching, isError, fetchNextPage } = query;
  useEffect(() => {
    if (hasNextPage && !isFetching && !isError) void fetchNextPage();
  }, [hasNextPage, isFetching, isError, fetchNextPage]);
  return query;
}

/** A collection that nobody has uploaded to yet does not exist on the server; to a person it is just empty. */
async function emptyIfNew<T>(page: Promise<Page<T>>): Promise<Page<T>> {
  try {
    return await page;
  } catch (error) {
    if (error instanceof DocuBotError && error.code === "collection_not_found") return { items: [] };
    throw error;
  }
}

export function useConversations(collection: string) {
  const client = useDocuBot();
  return useInfiniteQuery({
    queryKey: keys.conversations(collection),
    queryFn: async ({ pageParam, signal }) =>
      emptyIfNew(client.listConversations({ collection, cursor: pageParam, limit: 30, signal })),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor ?? null,
  });
}

export function useConversation(id: string | null) {
  const client = useDocuBot();
  return useQuery({
    queryKey: keys.conversation(id ?? ""),
    queryFn: ({ signal }) => client.getConversation(id ?? "", signal),
    enabled: id !== null,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function useDocument(id: string) {
  const client = useDocuBot();
  return useQuery({ queryKey: keys.document(id), queryFn: ({ signal }) => client.getDocument(id, signal) });
}

export function usePage(id: string, number: number, version?: number, enabled = true) {
  const client = useDocuBot();
  return useQuery({
    queryKey: keys.page(id, number, version),
    queryFn: ({ signal }) => client.getPage(id, number, version, signal),
    staleTime: 600_000,
    enabled,
  });
}

/** The picture of a page, as the query cache keeps it; for `useQuery` and for looking ahead. */
export function pageImage(
  client: DocuBotClient,
  id: string,
  number: number,
  scale: number,
  version: number | undefined,
) {
  return queryOptions({
    queryKey: keys.image(id, number, scale, version),
    queryFn: ({ signal }) => client.pageImage(id, number, { scale, version, signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function useReport(id: string, version: number | undefined, enabled: boolean) {
  const client = useDocuBot();
  return useQuery({
    queryKey: keys.report(id, version),
    queryFn: ({ signal }) => client.getReport(id, version, signal),
    enabled,
  });
}
