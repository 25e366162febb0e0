/** Dark, narrow, other languages, right to left; thousands of rows; all by keyboard. */
import assert from "node:assert/strict";
import { accessible, answered, api, ask, BASE, collectionOf, given, onStage, shot, until } from "./stage.mjs";

const COLLECTION = collectionOf("looks");
const QUESTION = "What did Aurora spend on research and development in 2024?";

export default async () => {
  await given(COLLECTION);
  await onStage(COLLECTION, dark, { theme: "dark" });
  await onStage(COLLECTION, narrow, { viewport: { width: 390, height: 844 }, hasTouch: true });
  await onStage(COLLECTION, languages, { locale: "es-ES" });
  await onStage(COLLECTION, thousands);
};

async function dark(page) {
  await page.goto(`${BASE}/`);
  await ask(page, QUESTION);
  const turn = await answered(page);
  await turn
    .getByRole("button", { name: /^Source 1/ })
    .first()
    .click();
  await page.locator("[data-evidence] img[data-loaded]").waitFor();
  await shot(page, "dark-evidence");
  await accessible(page, "dark answer");
  await page.keyboard.press("d");
  await page.locator('[role="row"] a').first().waitFor();
  await shot(page, "dark-documents");
  await accessible(page, "dark documents");
  await page.getByRole("button", { name: "Theme" }).click();
  await page.getByRole("menuitemradio", { name: "Light" }).click();
  await page.reload();
  assert.equal(await page.evaluate(() => document.documentElement.style.colorScheme), "light");
}

async function narrow(page) {
  await page.goto(`${BASE}/`);
  await ask(page, QUESTION);
  const turn = await answered(page);
  await shot(page, "narrow-answer");
  await turn
    .getByRole("button", { name: /^Source 1/ })
    .first()
    .click();
  await page.locator("[data-evidence] img[data-loaded]").waitFor();
  await shot(page, "narrow-evidence");
  await page.getByRole("button", { name: "Close the source" }).click();
  await page.getByRole("button", { name: "Menu" }).click();
  await shot(page, "narrow-menu");
  await accessible(page, "narrow menu");
  await page.getByRole("link", { name: "Documents" }).click();
  await page.locator('[role="row"] a').first().waitFor();
  await shot(page, "narrow-documents");
  await accessible(page, "narrow documents");
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  assert.equal(wide, false, "nothing sticks out sideways");
}

async function languages(page) {
  await page.goto(`${BASE}/#/documents`);
  await page.getByRole("heading", { name: "Documentos" }).waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.lang), "es");
  await page.getByRole("navigation").getByRole("button", { name: "Idioma" }).click();
  await page.getByRole("menuitemradio", { name: "中文" }).click();
  await page.getByRole("heading", { name: "文档" }).waitFor();
  await shot(page, "chinese-documents");
  await page.goto(`${BASE}/#/ask`);
  await page.locator("[data-question]").fill("ما هي مدة رد المبلغ؟");
  const direction = await page.evaluate(
    () => getComputedStyle(document.querySelector("[data-question]")).direction,
  );
  assert.equal(direction, "rtl");
  await page.evaluate(() => {
    document.documentElement.dir = "rtl";
  });
  await page.keyboard.press("Enter");
  await answered(page);
  await shot(page, "rtl-answer");
  await accessible(page, "right to left");
}

/** The list draws only what is in view, however long it is. */
async function thousands(page) {
  const { items } = await api(`/documents?collection=${encodeURIComponent(COLLECTION)}`);
  const all = Array.from({ length: 3000 }, (_, index) => ({
    ...items[0],
    id: `id-${String(index).padStart(5, "0")}`,
    filename: `document ${index}.pdf`,
    created_at: new Date(1.7e12 + index * 1000).toISOString(),
  }));
  await page.route("**/documents?**", (route) => {
    const from = Number(new URL(route.request().url()).searchParams.get("cursor") ?? 0);
    const next = from + 100 < all.length ? String(from + 100) : null;
    return route.fulfill({ json: { items: all.slice(from, from + 100), next_cursor: next } });
  });
  await page.goto(`${BASE}/#/documents`);
  await page.getByText("3,000 documents").first().waitFor();
  const drawn = () => page.locator('[role="row"]').count();
  assert.ok((await drawn()) < 60, `${await drawn()} rows drawn`);
  await shot(page, "thousands");
  await page.getByRole("button", { name: "Added" }).click();
  await page.getByRole("link", { name: "document 0.pdf", exact: true }).waitFor();
  await page.getByRole("searchbox").fill("2999");
  await until(async () => (await drawn()) === 2, "the search");
}
