/** A document by itself: its pages, what is searched of it, what was read; a new version; collections. */
import assert from "node:assert/strict";
import { accessible, api, BASE, collectionOf, given, onStage, sample, shot, until } from "./stage.mjs";

const COLLECTION = collectionOf("document");

export default async () => {
  const [document] = await given(COLLECTION, [sample("aurora-annual-report-2025")]);
  await onStage(COLLECTION, async (page) => {
    await page.goto(`${BASE}/#/documents/${document.id}/2`);
    await page
      .getByRole("img", { name: /^Page 2 of / })
      .and(page.locator("[data-loaded]"))
      .waitFor();
    const strip = await page.getByRole("navigation", { name: /^Every page at a glance/ }).boundingBox();
    assert.ok(strip.width > 3 * 20, "a bar for each page, wide enough to be seen");
    await until(
      async () =>
        (await page.locator("[aria-current=page][data-state]").getAttribute("aria-label"))?.startsWith(
          "Page 2",
        ),
      "page 2",
    );
    await shot(page, "document");
    await accessible(page, "document");
    await page.getByText("Passages", { exact: true }).click();
    await page.getByText("Research and development expense").first().waitFor();
    await shot(page, "passages");
    await accessible(page, "passages");
    await page.getByText("Report", { exact: true }).click();
    await page.getByText("Every page has text.").waitFor();
    await shot(page, "report");
    await accessible(page, "report");
    await newVersion(page, document.id);
    await scope(page);
    await collections(page);
  });
};

async function newVersion(page, id) {
  await page.getByRole("link", { name: "All documents" }).click();
  await page.setInputFiles(`[data-replace="${id}"]`, sample("tide-gauge-manual"));
  await page.getByText("the old version answers until the new one is ready").waitFor();
  await page.getByText("version 2").waitFor();
  assert.equal((await api(`/documents/${id}`)).version, 2);
  await oldVersion(page, id);
}

/** The one that was replaced can still be looked at, and does not pass for the one that answers. */
async function oldVersion(page, id) {
  await page.goto(`${BASE}/#/documents/${id}`);
  await page.getByText("Versions", { exact: true }).click();
  const [live, old] = [2, 1].map((number) =>
    page.getByRole("listitem").filter({ hasText: `Version ${number}` }),
  );
  await live.getByText("Answers now").waitFor();
  await live.getByText("tide-gauge-manual.pdf").waitFor();
  await old.getByText("aurora-annual-report-2025.pdf").waitFor();
  await shot(page, "versions");
  await accessible(page, "versions");
  await old.getByRole("button", { name: "Look at it" }).click();
  await page.getByText("You are looking at version 1, which does not answer any more.").waitFor();
  await page.getByText("of 3").waitFor();
  await page.locator("img[data-loaded]").first().waitFor();
  await page.getByText("Text", { exact: true }).click();
  await page.getByText("Letter to our shareholders").waitFor();
  await shot(page, "old-version");
  await accessible(page, "an old version");
  await page.getByRole("button", { name: "Show the current one" }).click();
  await page.getByText("You are looking at version 1").waitFor({ state: "detached" });
  await page.getByRole("link", { name: "All documents" }).click();
}

async function scope(page) {
  await page.getByRole("button", { name: /^Actions for/ }).click();
  await page.getByRole("menuitem", { name: "Ask this document" }).click();
  await page.getByRole("button", { name: "Search the whole collection again" }).waitFor();
  const [request] = await Promise.all([
    page.waitForRequest((one) => one.url().endsWith("/ask")),
    page
      .locator("[data-question]")
      .fill("How often is the battery replaced?")
      .then(() => page.keyboard.press("Enter")),
  ]);
  assert.equal(request.postDataJSON().document_ids.length, 1);
}

/** While the answer to the last question is still being written, or ends: it must not lead back to its collection. */
async function collections(page) {
  const switcher = page.getByRole("button", { name: /^Collection: / });
  await switcher.click();
  await accessible(page, "menu");
  await page.getByRole("menuitem", { name: "New collection…" }).click();
  await page.getByLabel("Name").fill("年报 / 2024");
  await page.getByRole("button", { name: "Create" }).click();
  await page.getByRole("dialog").getByRole("alert").waitFor(); // no slashes
  await page.getByLabel("Name").fill("年报 2024");
  await page.getByRole("button", { name: "Create" }).click();
  await page.getByRole("button", { name: /^Collection: 年报 2024/ }).click();
  await page.getByRole("menuitem", { name: "Delete collection “年报 2024”" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await page.getByRole("button", { name: /^Collection: default/ }).waitFor();
}
