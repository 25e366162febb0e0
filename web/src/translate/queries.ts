/** What the translate views read from the server. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { keys } from "../app/queries";
import { type TranslationItem, useDocuBot } from "../client";

export function useLanguages() {
  const client = useDocuBot();
  return useQuery({
    queryKey: keys.languages,
    queryFn: ({ signal }) => client.translation.languages(signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function useGlossaries() {
  const client = useDocuBot();
  return useQuery({
    queryKey: keys.glossaries,
    queryFn: async ({ signal }) => (await client.translation.glossaries({ signal })).items,
  });
}

export function useTranslations(documentId: string) {
  const client = useDocuBot();
  return useQuery({
    queryKey: keys.translations(documentId),
    queryFn: async ({ signal }) => (await client.translation.list(documentId, { signal })).items,
  });
}

/** One translation, read anew until its job has ended. */
export function useTranslation(documentId: string, id: string) {
  const client = useDocuBot();
  return useQuery({
    queryKey: keys.translation(id),
    queryFn: ({ signal }) => client.translation.get(documentId, id, signal),
  });
}

/** All pages beside their source; page after page arrives as it is scrolled to. */
export function useAligned(documentId: string, id: string, enabled: boolean) {
  const client = useDocuBot();
  return useInfiniteQuery({
    queryKey: keys.aligned(id),
    queryFn: ({ pageParam, signal }) =>
      client.translation.pages(documentId, id, { cursor: pageParam, limit: 50, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor ?? null,
    staleTime: Number.POSITIVE_INFINITY,
    enabled,
  });
}

/** A finished one has a file. */
export function isFinished(item: Pick<TranslationItem, "finished_at">): boolean {
  return item.finished_at !== null;
}
