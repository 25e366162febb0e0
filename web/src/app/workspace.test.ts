import { expect, test } from "vitest";
import { opening } from "./workspace";

test("somebody who has not chosen begins where documents are", () => {
  const demo = { name: "demo", documents: 3 };
  expect(opening([])).toBe("default");
  expect(opening([{ name: "default", documents: 0 }, demo])).toBe("demo");
  expect(opening([demo, { name: "default", documents: 1 }])).toBe("default");
});
