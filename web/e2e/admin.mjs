/** The administration: a key is made, used, renewed and revoked; jobs, settings, health, usage and the audit log. */
import assert from "node:assert/strict";
import { accessible, api, BASE, collectionOf, enter, given, KEY, onStage, sample, shot } from "./stage.mjs";

const COLLECTION = collectionOf("admin");
const NAME = `portal ${process.pid}`;

export default async () => {
  assert.ok(KEY, "this story is of a server with keys");
  await given(COLLECTION, [sample("customer-charter")]);
  await onStage(COLLECTION, async (page) => {
    await enter(page, "#/admin/keys");
    await keys(page);
    await jobs(page);
    await settings(page);
    await audit(page);
    for (const [tab, words] of [
      ["usage", "Questions"],
      ["health", "Database"],
      ["evaluations", "No evaluation yet"],
    ]) {
      await page.goto(`${BASE}/#/admin/${tab}`);
      await page.locator("#content").getByText(words).first().waitFor();
      await shot(page, `admin-${tab}`);
      await accessible(page, tab);
    }
  });
};

async function keys(page) {
  await page.getByRole("button", { name: "New key" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("What it is for").fill(NAME);
  await dialog.getByLabel("Only in these collections").fill(`${COLLECTION}, team-*`);
  await dialog.getByRole("combobox", { name: "Ends after" }).selectOption("30");
  await shot(page, "new-key");
  await accessible(page, "new key");
  await dialog.getByRole("button", { name: "Create the key" }).click();
  const secret = await dialog.locator("[data-secret]").textContent();
  await accessible(page, "the secret of a key");
  await dialog.getByRole("button", { name: "I have stored it" }).click();
  assert.equal(await status(secret), 200);

  const row = page.getByRole("row", { name: new RegExp(`^${NAME}`) });
  await row.getByText(`${COLLECTION}, team-*`).waitFor();
  await shot(page, "keys");
  await accessible(page, "keys");
  await act(page, row, "Renew the secret");
  const renewed = await dialog.locator("[data-secret]").textContent();
  await dialog.getByRole("button", { name: "I have stored it" }).click();
  assert.deepEqual([await status(secret), await status(renewed)], [401, 200]);
  await act(page, row, "Revoke");
  await row.getByText("Revoked").waitFor();
  assert.equal(await status(renewed), 401);
  await accessible(page, "a revoked key");
}

async function act(page, row, what) {
  await row.getByRole("button", { name: `Actions for ${NAME}` }).click();
  await page.getByRole("menuitem", { name: what }).click();
  await page.getByRole("dialog").getByRole("button", { name: what }).click();
}

async function status(key) {
  return (await fetch(`${BASE}/me`, { headers: { Authorization: `Bearer ${key}` } })).status;
}

async function jobs(page) {
  await page.getByRole("link", { name: "Jobs" }).click();
  const row = page.getByRole("row").filter({ hasText: COLLECTION });
  await row.getByText("Done", { exact: true }).waitFor();
  await shot(page, "jobs");
  await accessible(page, "jobs");
  await page.getByRole("combobox", { name: "Status" }).selectOption("running");
  await row.waitFor({ state: "detached" });
}

async function settings(page) {
  await page.getByRole("link", { name: "Settings" }).click();
  const row = (name) => page.getByRole("row", { name: new RegExp(`^${name} `) });
  await row("OPENAI_API_KEY").getByText("Set, hidden").waitFor();
  await page.getByLabel("Changed ones only").check();
  await row("TOP_K").waitFor({ state: "detached" });
  await row("LLM_MODEL").getByText("scripted").waitFor();
  await row("OIDC_ROLES").getByText('{"staff":"editor"}').waitFor();
  await shot(page, "settings");
  await accessible(page, "settings");
  await page.getByLabel("Find a setting").fill("data dir");
  await row("DATA_DIR").waitFor();
  assert.equal(await page.getByRole("row").count(), 2, "the head and what was looked for");
}

async function audit(page) {
  await page.getByRole("link", { name: "Audit log" }).click();
  await page.getByRole("combobox", { name: "What was done" }).selectOption("key.revoke");
  await page.getByRole("row").filter({ hasText: "key.revoke" }).first().waitFor();
  await shot(page, "audit");
  await accessible(page, "audit log");
  const { items } = await api("/audit?action=key.revoke&limit=1");
  assert.equal(items[0].outcome, "done");
}
