/** What every story stands on: a browser, a page that reports its errors, the API, pictures kept for people to look at. */
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import axe from "axe-core";
import { chromium } from "playwright-core";

export const BASE = required("DOCUBOT_URL");
export const SAMPLES = required("DOCUBOT_SAMPLES");
/** Of a server that wants one. */
export const KEY = process.env.DOCUBOT_KEY ?? "";
const SHOTS = required("DOCUBOT_SHOTS");
const BROWSER = process.env.CHROMIUM ?? "/usr/bin/chromium";
/** Milliseconds; machines that run tests are busy. */
const PATIENCE = Number(process.env.DOCUBOT_PATIENCE ?? 60_000);
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
/** Said by the browser of answers that the page expects: a new collection is not there yet. */
const EXPECTED =
  /status of (400|401|403|404|409|415|422|503)|net::ERR_(CONNECTION|INTERNET|EMPTY|INCOMPLETE|NETWORK|SOCKET)/;

export function required(name) {
  const value = process.env[name];
  assert.ok(value, `${name} is not set; tests/web/test_page.py runs these stories`);
  return value;
}

/** Each run has its own, so that a story can be played again on the same server. */
export const collectionOf = (story) => `${story} ${process.pid}`;
export const sample = (name) => path.join(SAMPLES, `${name}.pdf`);
export const ALL_SAMPLES = ["aurora-annual-report-2025", "customer-charter", "tide-gauge-manual"].map(sample);

/** Runs `play` with a page in the given collection; errors that the page throws or logs fail the story. */
export async function onStage(collection, play, { theme = "light", locale = "en-US", ...options } = {}) {
  const browser = await chromium.launch({ executablePath: BROWSER, args: FLAGS });
  const errors = [];
  try {
    const context = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      colorScheme: theme,
      locale,
      reducedMotion: "reduce",
      permissions: ["clipboard-read", "clipboard-write"],
      ...options,
    });
    context.setDefaultTimeout(PATIENCE);
    await context.addInitScript((name) => localStorage.setItem("docubot.collection", name), collection);
    const page = await context.newPage();
    page.on("pageerror", (error) => errors.push(error.stack));
    page.on("console", (message) => {
      if (message.type() === "error" && !EXPECTED.test(message.text())) errors.push(message.text());
    });
    await play(page, context).catch(async (error) => {
      for (const [index, open] of context.pages().entries()) await shot(open, `failed-${index}`);
      if (errors.length) console.error(errors.join("\n"));
      throw error;
    });
  } finally {
    await browser.close();
  }
  assert.deepEqual(errors, [], "the page reported errors");
}

export async function shot(page, name) {
  await mkdir(SHOTS, { recursive: true });
  // What is still changing, as colours do when the scheme does, is shown as it will be.
  await page.screenshot({ path: path.join(SHOTS, `${name}.png`), animations: "disabled" });
}

export async function api(call, init) {
  const headers = KEY ? { Authorization: `Bearer ${KEY}` } : {};
  const response = await fetch(BASE + call, { ...init, headers: { ...headers, ...init?.headers } });
  assert.ok(response.ok, `${call}: ${response.status}`);
  return response.status === 204 ? null : response.json();
}

/** Files into a collection without the page, read to the end. */
export async function given(collection, files = ALL_SAMPLES) {
  const { openAsBlob } = await import("node:fs");
  const body = new FormData();
  body.append("collection", collection);
  for (const file of files) body.append("file", await openAsBlob(file), path.basename(file));
  const { documents } = await api("/upload", { method: "POST", body });
  for (const { id } of documents) await until(async () => isOver((await api(`/documents/${id}`)).status));
  return documents;
}

const isOver = (status) => !["queued", "processing", "searchable"].includes(status);

export async function until(check, what = "it", milliseconds = PATIENCE) {
  const end = Date.now() + milliseconds;
  while (Date.now() < end) {
    if (await check()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.fail(`${what} did not come true within ${milliseconds} ms`);
}

export async function ask(page, question) {
  await page.locator("[data-question]").fill(question);
  await page.keyboard.press("Enter");
}

/** Waits for the answer that is last on the page. */
export async function answered(page) {
  const turn = page.locator("[data-turn]").last();
  await turn.and(page.locator('[data-phase="done"]')).waitFor();
  return turn;
}

/** The field for a key, in the form of a server that may have users as well. */
export async function keyField(page) {
  const field = page.locator("input[name=key]");
  const choice = page.getByRole("radio", { name: "API key" });
  await field.or(choice).first().waitFor();
  if (!(await field.count())) await choice.check();
  return field;
}

/** Signs in by the key, at an address of the page. */
export async function enter(page, address) {
  await page.goto(`${BASE}/${address}`);
  await (await keyField(page)).fill(KEY);
  await page.keyboard.press("Enter");
}

/** No finding of axe that is serious or critical. */
export async function accessible(page, view) {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => globalThis.axe.run({ resultTypes: ["violations"] }));
  const bad = violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(
      ({ id, nodes }) =>
        `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join("; ")}`,
    );
  assert.deepEqual(bad, [], `axe on ${view}`);
}

/** Sums up what moves without anybody's doing (the browser's own measure, CLS), and tells what that was. */
export function watchShifts() {
  globalThis.shifted = 0;
  globalThis.movers = [];
  const outline = ({ node, previousRect: from, currentRect: to }) =>
    `${node?.nodeName} ${node?.className ?? node?.textContent}: ${[from.x, from.y, to.x, to.y].map(Math.round)}`;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (entry.hadRecentInput) continue;
      globalThis.shifted += entry.value;
      globalThis.movers.push(...entry.sources.map(outline));
    }
  }).observe({ type: "layout-shift" });
}
