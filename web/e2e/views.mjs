/** Every view in every look: light, dark, narrow and right to left. Nothing sticks out, and axe finds nothing serious. */
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
  sample,
  shot,
  until,
} from "./stage.mjs";

const COLLECTION = collectionOf("views");
const LOOKS = {
  narrow: { viewport: { width: 390, height: 844 }, hasTouch: true },
  dark: { theme: "dark" },
  rtl: {},
  light: {},
};

export default async () => {
  const [document] = await given(COLLECTION, [sample("aurora-annual-report-2025")]);
  const translation = await translated(document.id);
  await api("/glossaries", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({
      name: COLLECTION,
      target: "es",
      terms: [{ source: "tide gauge", target: "mareógrafo" }],
    }),
  });
  for (const [look, options] of Object.entries(LOOKS))
    await onStage(COLLECTION, (page) => all(page, look, views(document.id, translation)), options);
};

async function translated(id) {
  const wanted = {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: '{"target": "es"}',
  };
  const made = await api(`/documents/${id}/translate`, wanted);
  const address = `/documents/${id}/translations/${made.id}`;
  await until(async () => (await api(address)).finished_at !== null, "the translation");
  return made.id;
}

/** Where each view is, and what tells that it is drawn. */
const views = (id, translation) => ({
  documents: ["documents", (page) => page.locator('[role="row"] a').first()],
  document: [`documents/${id}`, (page) => page.locator("img[data-loaded]").first()],
  beside: [`documents/${id}/translations/${translation}`, (page) => page.locator("img[data-loaded]").first()],
  text: ["translate/text", (page) => page.getByRole("textbox", { name: "Your text" })],
  translations: [`translate/documents/${id}`, (page) => page.locator("[data-translation]").first()],
  glossary: [
    `translate/glossaries/${encodeURIComponent(COLLECTION)}`,
    (page) => page.getByLabel("Term 1", { exact: true }),
  ],
  usage: ["admin/usage", (page) => page.getByText("Pages read").first()],
  keys: ["admin/keys", (page) => page.getByRole("button", { name: "New key" })],
  users: ["admin/users", (page) => page.getByRole("button", { name: "New user" })],
  jobs: ["admin/jobs", (page) => page.getByRole("row").nth(1)],
  health: ["admin/health", (page) => page.getByRole("row").nth(1)],
  settings: ["admin/settings", (page) => page.getByRole("row").nth(1)],
  evaluations: ["admin/evaluations", (page) => page.getByText("No evaluation yet")],
  audit: ["admin/audit", (page) => page.getByRole("row").nth(1)],
});

async function all(page, look, views) {
  await page.goto(`${BASE}/`);
  if (look === "rtl") await turned(page);
  await ask(page, "What did Aurora spend on research and development in 2024?");
  await answered(page);
  await seen(page, look, "answer");
  for (const [view, [address, sign]] of Object.entries(views)) {
    await page.evaluate((hash) => {
      location.hash = hash;
    }, `#/${address}`);
    await sign(page).waitFor();
    await seen(page, look, view);
  }
}

/** As a language that is written from the right has it. */
function turned(page) {
  return page.evaluate(() => {
    document.documentElement.dir = "rtl";
  });
}

async function seen(page, look, view) {
  await shot(page, `${view}-${look}`);
  await accessible(page, `${view}, ${look}`);
  const out = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(out <= 0, `${view}, ${look}: ${out} pixels stick out sideways`);
}
