import { describe, expect, it } from "vitest";
import { en } from "./en";
import { es } from "./es";
import { count, formatsOf, ranges } from "./format";
import { zh } from "./zh";

/** Every word of a dictionary by its path; functions are called with examples. */
function words(value: unknown, path = ""): [string, string][] {
  if (typeof value === "string") return [[path, value]];
  if (typeof value === "function") return [[path, String(value(...Array(value.length).fill(7)))]];
  return Object.entries(value as object).flatMap(([key, inner]) => words(inner, `${path}.${key}`));
}

describe("dictionaries", () => {
  it.each([
    ["zh", zh],
    ["es", es],
  ])("%s says everything, and in its own words", (_, dictionary) => {
    const english = new Map(words(en));
    const own = words(dictionary);
    expect(own.map(([path]) => path).sort()).toEqual([...english.keys()].sort());
    for (const [path, text] of own) expect(text.trim(), path).not.toBe("");
    const same = own.filter(([path, text]) => english.get(path) === text && /[a-z]{4}/i.test(text));
    expect(same.map(([path]) => path).length).toBeLessThan(10);
  });
});

describe("formats", () => {
  it("choose the form that a number asks for", () => {
    const n = count("en");
    expect([0, 1, 1234].map((number) => n(number, "page", "pages"))).toEqual([
      "0 pages",
      "1 page",
      "1,234 pages",
    ]);
  });

  it("write sizes, languages and ranges", () => {
    const format = formatsOf("en");
    expect([0, 999, 1_048_576].map(format.bytes)).toEqual(["0\u00A0B", "999\u00A0B", "1\u00A0MB"]);
    expect(format.language("zh")).toBe("Chinese");
    expect(format.language("not a language!")).toBe("not a language!");
    expect(ranges([1, 2, 3, 7, 9, 10])).toBe("1–3, 7, 9–10");
  });

  it("say how long ago something was", () => {
    const format = formatsOf("en");
    const ago = (seconds: number) => format.ago(new Date(Date.now() - seconds * 1000).toISOString());
    expect(ago(7200)).toBe("2 hr. ago");
    expect(ago(86_400 * 3)).toBe("3 days ago");
    // A clock that is ahead of ours does not speak of the future.
    expect(ago(-5)).toBe("now");
  });
});
