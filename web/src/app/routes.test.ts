import { describe, expect, it } from "vitest";
import { href, NEW_QUESTION, parseRoute, type Route } from "./routes";

const ask = (
  conversation: string | null,
  message: string | null = null,
  citation: number | null = null,
): Route => ({
  view: "ask",
  conversation,
  message,
  citation,
});

describe("routes", () => {
  it.each<[string, Route]>([
    ["#/ask", NEW_QUESTION],
    ["#/ask/c1", ask("c1")],
    ["#/ask/c1/m1", ask("c1", "m1")],
    ["#/ask/c1/m1/2", ask("c1", "m1", 2)],
    ["#/documents", { view: "documents" }],
    ["#/documents/d%2F1", { view: "document", id: "d/1", page: null }],
    ["#/documents/d1/48", { view: "document", id: "d1", page: 48 }],
    ["#/documents/d1/translations/t%201", { view: "translation", document: "d1", id: "t 1" }],
    ["#/translate/text", { view: "translate", tab: "text", item: null }],
    ["#/translate/glossaries/%E5%90%88%E5%90%8C", { view: "translate", tab: "glossaries", item: "合同" }],
    ["#/admin/evaluations/run-1", { view: "admin", tab: "evaluations", item: "run-1" }],
  ])("%s is read and written", (hash, route) => {
    expect(parseRoute(hash)).toEqual(route);
    expect(href(route)).toBe(hash);
  });

  it.each(["", "#", "#/", "#/nowhere", "#/ask//m1", "#/ask/%E0%A4%A"])("%s leads somewhere", (hash) => {
    expect(parseRoute(hash).view).toBe("ask");
  });

  it("opens the first tab for one that is none", () => {
    expect(parseRoute("#/admin/nowhere")).toEqual({ view: "admin", tab: "usage", item: null });
    expect(parseRoute("#/translate")).toEqual({ view: "translate", tab: "text", item: null });
  });

  it("takes no page that is none", () => {
    expect(parseRoute("#/documents/d1/-3")).toEqual({ view: "document", id: "d1", page: null });
    expect(parseRoute("#/documents/d1/x")).toEqual({ view: "document", id: "d1", page: null });
  });
});
