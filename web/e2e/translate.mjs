/** A text as it is written, and documents in their own form; what could not be done is told. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { accessible, api, BASE, collectionOf, given, onStage, sample, shot } from "./stage.mjs";

const COLLECTION = collectionOf("translate");
const STUBBORN = "This stubborn sentence stays.";

export default async () => {
  await given(COLLECTION, [sample("customer-charter")]);
  await noted();
  await onStage(COLLECTION, async (page) => {
    await aText(page);
    await ownForm(page);
    await incomplete(page);
  });
};

/** A document that the model translates in part. */
async function noted() {
  const body = new FormData();
  body.append("collection", COLLECTION);
  body.append(
    "file",
    new Blob([`# Whales\n\nWhales sing at night in the bay.\n\n${STUBBORN}\n`], { type: "text/markdown" }),
    "whales.md",
  );
  const { documents } = await api("/upload", { method: "POST", body });
  let status;
  do status = (await api(`/documents/${documents[0].id}`)).status;
  while (["queued", "processing", "searchable"].includes(status));
}

async function aText(page) {
  await page.goto(`${BASE}/#/translate/text`);
  const text = page.getByRole("textbox", { name: "Your text" });
  await text.fill(`The whales sing all night in the bay.\n\n${STUBBORN}`);
  await page.getByText("English recognized").waitFor();
  await page.getByRole("combobox", { name: "To" }).selectOption("es");
  await text.press("Control+Enter");
  await page.locator('[data-translated="done"]').waitFor();
  const outcome = page.getByRole("status", { name: "Translation" });
  assert.match(await outcome.textContent(), /^Theo whaleso singo allo nighto ino theo bayo\./);
  await page.getByText("1 sentence could not be translated").waitFor();
  await shot(page, "translate-text");
  await accessible(page, "translate a text");
  await page.getByRole("button", { name: "Copy the translation" }).click();
  assert.match(await page.evaluate(() => navigator.clipboard.readText()), /^Theo whaleso/);
}

async function chosen(page, name, forms) {
  await page.goto(`${BASE}/#/translate/documents`);
  await page.getByRole("link", { name }).click();
  const form = page.getByRole("combobox", { name: "As" });
  await form.waitFor();
  assert.deepEqual(await form.locator("option").allInnerTexts(), forms);
}

const OURS = ["Markdown", "Web page", "Web page, both languages"];

async function ownForm(page) {
  await chosen(page, /charter/i, ["PDF", ...OURS]);
  await page.getByText("Text is replaced where it stands").waitFor();
  await page.getByRole("combobox", { name: "To" }).selectOption("es");
  await page.getByRole("button", { name: "Estimate" }).click();
  await page.getByText(/of which the model is asked for \d+: about/).waitFor();
  await page.getByRole("button", { name: "Translate the document" }).click();
  const card = page.locator('[data-translation^="succeeded"]');
  await card.waitFor();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    card.getByRole("button", { name: "Download" }).click(),
  ]);
  assert.match(download.suggestedFilename(), /\.pdf$/);
  assert.equal((await readFile(await download.path())).subarray(0, 5).toString(), "%PDF-");
  await shot(page, "translate-document");
  await accessible(page, "translate a document");
  await card.getByRole("link", { name: "Read beside the original" }).click();
  await page.getByText("Original", { exact: true }).first().waitFor();
  await page.locator("img[data-loaded]").first().waitFor();
  await shot(page, "translation-beside");
  await accessible(page, "a translation beside its original");
}

async function incomplete(page) {
  await chosen(page, "whales.md", OURS);
  await page.getByRole("button", { name: "Translate the document" }).click();
  const card = page.locator('[data-translation="succeeded_with_warnings"]');
  await card.getByText("1 segment left as it was").waitFor();
  await card.getByText("1 segment not translated").click();
  await card.getByText(STUBBORN).waitFor();
  await card.getByText("The model sent it back untranslated.").waitFor();
  await shot(page, "translate-incomplete");
  await accessible(page, "an incomplete translation");
  await card.getByRole("button", { name: "Delete the translation" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await page.getByText("This document has not been translated yet.").waitFor();
}
