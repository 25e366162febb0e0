/** What the administration views read from the server. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { type AuditAction, type JobStatus, type Page, useDocuBot } from "../client";

export const adminKeys = {
  settings: ["admin", "settings"] as const,
  usage: (days: number) => ["admin", "usage", days] as const,
  keys: ["admin", "keys"] as const,
  users: ["admin", "users"] as const,
  roles: ["admin", "roles"] as const,
  jobs: (status: string) => ["admin", "jobs", status] as const,
  evaluations: ["admin", "evaluations"] as const,
  evaluation: (id: string) => ["admin", "evaluation", id] as const,
  audit: (action: string) => ["admin", "audit", action] as const,
};

/** Also tells whether the caller may administer: a refusal is a 403. */
export function useSettings() {
  const client = useDocuBot();
  return useQuery({
    queryKey: adminKeys.settings,
    queryFn: ({ signal }) => client.admin.settings(signal),
    staleTime: 300_000,
  });
}

export function useUsage(days: number) {
  const client = useDocuBot();
  return useQuery({
    queryKey: adminKeys.usage(days),
    queryFn: ({ signal }) => client.admin.usage(days, signal),
    placeholderData: (before) => before,
  });
}

export function useEvaluation(id: string) {
  const client = useDocuBot();
  return useQuery({
    queryKey: adminKeys.evaluation(id),
    queryFn: ({ signal }) => client.admin.evaluation(id, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function useEvaluations() {
  const client = useDocuBot();
  return usePages(adminKeys.evaluations, (cursor, signal) => client.admin.evaluations({ cursor, signal }));
}

export function useKeys() {
  const client = useDocuBot();
  return usePages(adminKeys.keys, (cursor, signal) => client.admin.keys({ cursor, signal }));
}

export function useUsers() {
  const client = useDocuBot();
  return usePages(adminKeys.users, (cursor, signal) => client.admin.users({ cursor, signal }));
}

/** The roles that users can have. */
export function useRoles() {
  const client = useDocuBot();
  return useQuery({ queryKey: adminKeys.roles, queryFn: ({ signal }) => client.admin.roles(signal) });
}

export function useJobs(status: JobStatus | "") {
  const client = useDocuBot();
  const options = status ? { status } : {};
  const load = (cursor: string | null, signal: AbortSignal) =>
    client.listJobs({ cursor, signal, limit: 50, ...options });
  return usePages(adminKeys.jobs(status), load, 4000);
}

export function useAudit(action: AuditAction | "") {
  const client = useDocuBot();
  return usePages(adminKeys.audit(action), (cursor, signal) =>
    client.admin.audit({ cursor, signal, limit: 50, action: action || undefined }),
  );
}

/** A list as it is read, page after page. */
export type Pages<T> = ReturnType<typeof usePages<T>>;

function usePages<T>(
  queryKey: readonly string[],
  load: (cursor: string | null, signal: AbortSignal) => Promise<Page<T>>,
  refetchInterval?: number,
) {
  const query = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) => load(pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor ?? null,
    ...(refetchInterval && { refetchInterval }),
  });
  return { ...query, items: query.data?.pages.flatMap(({ items }) => items) };
}
