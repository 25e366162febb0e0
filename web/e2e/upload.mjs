/** Files go in, are seen through, and what is wrong with one is said in plain words. */
import assert from "node:assert/strict";
import { ALL_SAMPLES, accessible, api, collectionOf, onStage, sample, shot, until } from "./stage.mjs";

const COLLECTION = collectionOf("upload");

export default () =>
  onStage(COLLECTION, async (page) => {
    await page.goto(`${process.env.DOCUBOT_URL}/#/documents`);
    await page.getByText("Add your first documents").waitFor();
    await shot(page, "documents-empty");
    await accessible(page, "empty documents");

    await page.setInputFiles("[data-files]", ALL_SAMPLES);
    await page.setInputFiles("[data-files]", [
      {
        name: "tool.exe",
        mimeType: "application/octet-stream",
        buffer: Buffer.from("MZ\x90\0\x03\0\0\0", "latin1"),
      },
      { name: "nothing.pdf", mimeType: "application/pdf", buffer: Buffer.alloc(0) },
      { name: "broken.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.7\nnot really") },
    ]);
    await page.getByText("This kind of file cannot be read.").waitFor();
    await page.getByText("The file is empty.").waitFor();
    await page.getByText("The file is damaged").waitFor();
    await until(
      async () => (await page.locator('[data-tone="good"]').count()) === 3,
      "three documents ready",
    );
    await shot(page, "documents");
    await accessible(page, "documents");

    // The same file again is no new document.
    await page.setInputFiles("[data-files]", [sample("customer-charter")]);
    await page.getByText("1 file was here already").waitFor();

    await retryAndSort(page);
    await dropFolder(page);
    await deleteAll(page);
  });

async function retryAndSort(page) {
  const names = () => page.locator('[role="row"] a').allInnerTexts();
  await page.getByRole("button", { name: "Pages" }).click();
  assert.equal((await names())[0], "aurora-annual-report-2025.pdf");
  await page.getByRole("searchbox").fill("charter");
  await until(async () => (await names()).join() === "customer-charter.pdf", "the search");
  await page.getByRole("searchbox").fill("");
  await page.getByText("Failed or with warnings").click();
  await until(async () => (await names()).join() === "broken.pdf", "the group");
  await page.getByRole("button", { name: "Actions for broken.pdf" }).click();
  await page.getByRole("menuitem", { name: "Try again" }).click();
  // It fails again, as it must.
  await until(
    async () =>
      (await api(`/jobs?collection=${encodeURIComponent(COLLECTION)}&status=failed`)).items.length === 2,
    "a second try",
  );
  await page.getByText("All", { exact: true }).click();
}

async function dropFolder(page) {
  const text = "Dropped words about otters.";
  const transfer = await page.evaluateHandle((words) => {
    const data = new DataTransfer();
    data.items.add(new File([words], "otters.md", { type: "text/markdown" }));
    return data;
  }, text);
  await page.dispatchEvent("body", "dragenter", { dataTransfer: transfer });
  await page.getByText(`Drop to add to “${COLLECTION}”`).waitFor();
  await shot(page, "drop");
  await page.dispatchEvent("body", "drop", { dataTransfer: transfer });
  await page.locator('[role="row"]', { hasText: "otters.md" }).waitFor();
}

async function deleteAll(page) {
  const { items } = await api(`/documents?collection=${encodeURIComponent(COLLECTION)}`);
  const charter = items.find(({ filename }) => filename === "customer-charter.pdf");
  await page.getByRole("checkbox", { name: "Select customer-charter.pdf" }).check();
  await page.getByRole("toolbar").getByRole("button", { name: "Delete…" }).click();
  const dialog = page.getByRole("dialog");
  await accessible(page, "delete dialog");
  await shot(page, "delete");
  await dialog.getByRole("button", { name: "Delete" }).click();
  await dialog.getByText("Deleted").waitFor();
  await dialog.getByText("Vectors").waitFor();
  await shot(page, "receipt");
  await dialog.getByRole("button", { name: "Close" }).last().click();
  await until(async () => (await page.getByText("customer-charter.pdf").count()) === 0, "the row to go");
  const left = await api(`/documents?collection=${encodeURIComponent(COLLECTION)}`);
  assert.ok(!left.items.some(({ id }) => id === charter.id));
}
