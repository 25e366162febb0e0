import { describe, expect, it } from "vitest";
import { further } from "./pace";

/** What is shown of a text, frame by frame. */
function frames(text: string, milliseconds = 16): string[] {
  const seen: string[] = [];
  for (let at = 0; at < text.length; ) {
    at = further(text, at, milliseconds);
    seen.push(text.slice(0, at));
  }
  return seen;
}

describe("further", () => {
  it("shows some with every frame, and all of it soon", () => {
    const seen = frames("The battery is replaced every four years.");
    expect(seen.length).toBeGreaterThan(8);
    expect(seen.length).toBeLessThan(36);
    expect(new Set(seen).size).toBe(seen.length);
  });

  it("shows more of more, so that it never falls behind", () => {
    expect(further("word ".repeat(1000), 0, 16)).toBeGreaterThan(500);
    expect(further("word ".repeat(10), 0, 120)).toBe(50);
  });

  it("never ends within a marker or a character", () => {
    for (const seen of frames("It [12] was **bold**.\n\n## Next\n* é𠀀😀नि 21.6 [3].\n\n"))
      expect(seen).not.toMatch(/(\[\d*|[\s*#]|[\uD800-\uDBFF]|न)$(?<!\n\n)/);
  });

  it("starts from the end of a text that got shorter", () => {
    expect(further("new", 40, 16)).toBe(3);
  });
});
