/** A server with keys lets nobody in without one; with one, everything works, pictures of pages too. */
import assert from "node:assert/strict";
import {
  accessible,
  answered,
  ask,
  BASE,
  collectionOf,
  given,
  KEY,
  keyField,
  onStage,
  shot,
} from "./stage.mjs";

const COLLECTION = collectionOf("key");

export default async () => {
  assert.ok(KEY, "this story is of a server with keys");
  await given(COLLECTION);
  await onStage(COLLECTION, async (page) => {
    await page.goto(`${BASE}/`);
    const field = await keyField(page);
    await shot(page, "sign-in");
    await accessible(page, "sign-in");
    await field.fill("no such key");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").getByText("does not know this key").waitFor();
    await field.fill(KEY);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();

    await page.locator("[data-question]").waitFor();
    await ask(page, "What did Aurora spend on research and development in 2024?");
    const turn = await answered(page);
    await turn
      .getByRole("button", { name: /^Source 1: aurora/ })
      .first()
      .click();
    await page.locator("[data-evidence] img[data-loaded]").waitFor();

    await page.reload();
    await page.locator("[data-question]").waitFor();
    assert.equal(await page.evaluate((key) => JSON.stringify(localStorage).includes(key), KEY), false);
    await page.getByRole("button", { name: "Sign out" }).click();
    await keyField(page);
    assert.equal(await page.locator("[data-question]").count(), 0);
  });
};
