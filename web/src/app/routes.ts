/** Addresses of the page. They live behind the `#`, so that they never meet an address of the API. */
import { useSyncExternalStore } from "react";

export type Route =
  /** `message` and `citation` point into the conversation, as shared links do. */
  | { view: "ask"; conversation: string | null; message: string | null; citation: number | null }
  | { view: "documents" }
  | { view: "document"; id: string; page: number | null }
  /** A document's translation beside the document. */
  | { view: "translation"; document: string; id: string }
  /** `item`: a document's id, or a glossary's name. */
  | { view: "translate"; tab: TranslateTab; item: string | null }
  /** `item`: an evaluation run's id. */
  | { view: "admin"; tab: AdminTab; item: string | null };

export const TRANSLATE_TABS = ["text", "documents", "glossaries"] as const;
export type TranslateTab = (typeof TRANSLATE_TABS)[number];
export const ADMIN_TABS = [
  "usage",
  "keys",
  "users",
  "jobs",
  "health",
  "settings",
  "evaluations",
  "audit",
] as const;
export type AdminTab = (typeof ADMIN_TABS)[number];

export type AskRoute = Extract<Route, { view: "ask" }>;

export const NEW_QUESTION: AskRoute = { view: "ask", conversation: null, message: null, citation: null };

export function parseRoute(hash: string): Route {
  const [view, ...parts] = hash
    .replace(/^#?\/?/, "")
    .split("/")
    .map(decoded);
  if (view === "documents" && parts[0] && parts[1] === "translations" && parts[2])
    return { view: "translation", document: parts[0], id: parts[2] };
  if (view === "documents" && parts[0]) return { view: "document", id: parts[0], page: positive(parts[1]) };
  if (view === "documents") return { view: "documents" };
  if (view === "translate") return { view, tab: oneOf(TRANSLATE_TABS, parts[0]), item: parts[1] || null };
  if (view === "admin") return { view, tab: oneOf(ADMIN_TABS, parts[0]), item: parts[1] || null };
  if (view !== "ask") return NEW_QUESTION;
  const [conversation = null, message = null, citation] = parts.map((part) => part || null);
  return { view: "ask", conversation, message, citation: positive(citation) };
}

export function href(route: Route): string {
  return `#/${partsOf(route)
    .map((part) => encodeURIComponent(String(part)))
    .join("/")}`;
}

function partsOf(route: Route): (string | number)[] {
  const parts = wholePath(route);
  const end = parts.indexOf(null);
  return (end < 0 ? parts : parts.slice(0, end)) as (string | number)[];
}

function wholePath(route: Route): (string | number | null)[] {
  switch (route.view) {
    case "documents":
      return ["documents"];
    case "document":
      return ["documents", route.id, route.page];
    case "translation":
      return ["documents", route.document, "translations", route.id];
    case "translate":
    case "admin":
      return [route.view, route.tab, route.item];
    case "ask":
      return ["ask", route.conversation, route.message, route.citation];
  }
}

export function navigate(route: Route, replace = false): void {
  const target = href(route);
  if (replace) history.replaceState(null, "", target);
  else if (location.hash !== target) history.pushState(null, "", target);
  window.dispatchEvent(new PopStateEvent("popstate"));
}

export function useRoute(): Route {
  const hash = useSyncExternalStore(subscribe, () => location.hash);
  return parseRoute(hash);
}

function subscribe(listener: () => void): () => void {
  window.addEventListener("popstate", listener);
  window.addEventListener("hashchange", listener);
  return () => {
    window.removeEventListener("popstate", listener);
    window.removeEventListener("hashchange", listener);
  };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The first one when the address names none of them. */
function oneOf<T extends string>(known: readonly [T, ...T[]], text: string | undefined): T {
  return known.find((one) => one === text) ?? known[0];
}

function positive(text: string | null | undefined): number | null {
  const number = Number(text);
  return Number.isSafeInteger(number) && number > 0 ? number : null;
}
