/** A glossary is made, filled, saved, used by a translation, exported, imported and deleted. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { accessible, api, BASE, collectionOf, onStage, shot } from "./stage.mjs";

const NAME = `marine 海洋 ${process.pid}`;

export default () =>
  onStage(collectionOf("glossary"), async (page) => {
    await page.goto(`${BASE}/#/translate/glossaries`);
    await page.getByRole("button", { name: "New glossary" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name").fill(NAME);
    await dialog.getByLabel("To").selectOption("es");
    await dialog.getByRole("button", { name: "Create" }).click();

    const editor = page.getByRole("region", { name: NAME });
    await term(editor, 1, "whales", "ballenas");
    await term(editor, 2, "DocuBot", "");
    await term(editor, 3, "Whales", "cetáceos");
    await editor.getByText("“Whales” is there twice.").waitFor();
    assert.equal(await editor.getByRole("button", { name: "Save" }).isDisabled(), true);
    await editor.getByRole("button", { name: "Remove term 3" }).click();
    await editor.getByText("Not saved yet").waitFor();
    await shot(page, "glossary");
    await accessible(page, "glossary editor");
    await editor.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved.").waitFor();
    const { items } = await api("/glossaries?limit=100");
    const stored = items.find(({ name }) => name === NAME);
    assert.deepEqual(
      stored.terms.map(({ source, target }) => [source, target]),
      [
        ["whales", "ballenas"],
        ["DocuBot", null],
      ],
    );

    await used(page);
    await asFile(page, editor);
  });

async function term(editor, number, source, target) {
  const field = editor.getByRole("textbox", { name: `Term ${number}`, exact: true });
  if (!(await field.count())) await editor.getByRole("button", { name: "Add a term" }).click();
  await field.fill(source);
  await editor.getByRole("textbox", { name: `Translation of term ${number}`, exact: true }).fill(target);
}

async function used(page) {
  await page.goto(`${BASE}/#/translate/text`);
  await page.getByRole("textbox", { name: "Your text" }).fill("The whales sing for DocuBot.");
  await page.getByRole("combobox", { name: "From" }).selectOption("en");
  await page.getByRole("combobox", { name: "To" }).selectOption("es");
  await page.getByRole("combobox", { name: "Glossary" }).selectOption(NAME);
  await page.getByRole("button", { name: "Translate", exact: true }).click();
  await page.locator('[data-translated="done"]').waitFor();
  const outcome = await page.getByRole("status", { name: "Translation" }).textContent();
  assert.match(outcome, /^Theo ballenas singo foro DocuBot\./);
}

async function asFile(page, editor) {
  await page.goto(`${BASE}/#/translate/glossaries/${encodeURIComponent(NAME)}`);
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    editor.getByRole("button", { name: "Export CSV" }).click(),
  ]);
  const csv = await readFile(await download.path(), "utf-8");
  assert.match(csv, /whales,ballenas/);
  await page.setInputFiles("[data-csv]", {
    name: "more.csv",
    mimeType: "text/csv",
    buffer: Buffer.from(csv.replace("ballenas", "yubartas")),
  });
  await editor.getByRole("textbox", { name: "Translation of term 1", exact: true }).waitFor();
  await page.getByText("Saved.").first().waitFor();
  await page.waitForFunction(() => document.querySelector("table input[placeholder]")?.value === "yubartas");
  await editor.getByRole("button", { name: "Delete the glossary" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await editor.waitFor({ state: "detached" });
}
