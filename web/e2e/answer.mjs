/** An answer streams in, and each of its sources can be seen where it stands. */
import assert from "node:assert/strict";
import {
  accessible,
  answered,
  api,
  ask,
  BASE,
  collectionOf,
  given,
  onStage,
  shot,
  until,
  watchShifts,
} from "./stage.mjs";

const COLLECTION = collectionOf("answer");

export default async () => {
  await given(COLLECTION);
  await onStage(COLLECTION, async (page, context) => {
    await page.goto(`${BASE}/`);
    await page.locator("[data-question]:focus").waitFor();
    await shot(page, "welcome");
    await accessible(page, "welcome");
    await page.evaluate(watchShifts);
    await ask(page, "What did Aurora spend on research and development in 2024?");
    await page.locator('[data-phase="writing"]').waitFor();
    await page.getByRole("button", { name: "Stop" }).waitFor();
    const turn = await answered(page);
    await shot(page, "answer");
    const shifted = await page.evaluate(() => globalThis.shifted);
    assert.ok(shifted < 0.02, `the layout shifted by ${shifted} while the answer came in`);

    assert.equal(await turn.locator('[data-support="none"]').count(), 1, "one sentence has no source");
    await turn.getByText("no source").waitFor();
    await sources(page, turn);
    await keepAndShare(page, context, turn);
    await followUp(page);
    await history(page);
  });
};

async function sources(page, turn) {
  const chip = turn.getByRole("button", { name: /^Source 1: aurora/ }).first();
  await chip.hover();
  await page.getByRole("tooltip").getByText("Research and development expense").waitFor();
  await shot(page, "quote");
  await chip.click();
  const evidence = page.locator("[data-evidence]");
  await litInView(page, evidence);
  await shot(page, "evidence");
  await accessible(page, "answer with its source");

  await evidence.getByText("1 of 2").waitFor();
  await page.keyboard.press("j");
  await evidence.getByText("2 of 2").waitFor();
  await litInView(page, evidence);
  await evidence.getByText("Text", { exact: true }).click();
  await evidence.locator("mark").getByText("every four years").waitFor();
  await page.keyboard.press("k");
  await evidence.getByText("1 of 2").waitFor();
  await page.keyboard.press("Escape");
  await evidence.waitFor({ state: "detached" });
}

/** A lit box that is on the picture, on the screen, and not everything. */
async function litInView(page, evidence) {
  await evidence.locator("img[data-loaded]").waitFor();
  let box;
  await until(async () => {
    box = await evidence.locator("[data-lit]").first().boundingBox();
    return box?.width > 20; // it sweeps in from the left
  }, "the light");
  const picture = await evidence.locator("img").boundingBox();
  assert.ok(box.height > 4 && box.height < 60, JSON.stringify(box));
  assert.ok(box.x >= picture.x && box.x + box.width <= picture.x + picture.width, "on the picture");
  const { height } = page.viewportSize();
  assert.ok(box.y > 0 && box.y + box.height < height, "scrolled into view");
}

async function keepAndShare(page, context, turn) {
  await turn.getByRole("button", { name: "Copy with sources" }).click();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(copied, /^\*\*What did Aurora spend/);
  assert.match(copied, /1\. aurora-annual-report-2025\.pdf, page 3.*\n {3}> Research and development/);

  await turn.getByRole("button", { name: "Bad answer" }).click();
  await turn.getByRole("textbox").fill("The second sentence is invented.");
  await turn.getByRole("button", { name: "Send note" }).click();
  await page.getByText("Thank you, noted.").waitFor();
  const id = page.url().split("/ask/")[1];
  const [message] = (await api(`/conversations/${id}`)).messages;
  assert.deepEqual([message.rating, message.note], ["down", "The second sentence is invented."]);

  await turn.getByRole("button", { name: "Copy a link to this answer" }).click();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  const other = await context.newPage();
  await other.goto(`${link}/1`);
  await litInView(other, other.locator("[data-evidence]"));
  await other.close();
}

async function followUp(page) {
  await ask(page, "Tell me everything slowly, please");
  await page.locator('[data-phase="writing"]').waitFor();
  await page.getByRole("button", { name: "Stop" }).click();
  await page.getByText("Stopped. This answer was not kept.").waitFor();
  await ask(page, "What is the colour of the mayor's bicycle?");
  const turn = await answered(page);
  await turn.getByText("Nothing in the documents answers this").waitFor();
  await turn.getByText("What may help").waitFor();
  await shot(page, "not-found");
  await accessible(page, "not found");
}

async function history(page) {
  const entry = page.getByRole("link", { name: "What did Aurora spend on research" });
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "New question" }).click();
  await page.getByText("Ask your documents").waitFor();
  await entry.click();
  await until(async () => (await page.locator("[data-turn]").count()) === 2, "the stored turns");
  await entry.hover();
  await page.getByRole("button", { name: /^Delete conversation/ }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await entry.waitFor({ state: "detached" });
  await page.getByText("Ask your documents").waitFor();
  const { items } = await api(`/conversations?collection=${encodeURIComponent(COLLECTION)}`);
  assert.deepEqual(items, []);
}
