/**
 * How smoothly an answer of 2,000 tokens is drawn: what the browser's tracing says of its frames, what moved that should
 * not, and how much of the page was built anew. Counts are held to; times depend on the machine, so they are told, and
 * held to only with DOCUBOT_STRICT=1.
 */
import assert from "node:assert/strict";
import { answered, ask, BASE, collectionOf, given, onStage, watchShifts } from "./stage.mjs";

const COLLECTION = collectionOf("smooth");
const CATEGORIES = [
  "devtools.timeline",
  "disabled-by-default-devtools.timeline",
  "disabled-by-default-devtools.timeline.frame",
];
const FRAMES_A_SECOND = 58;
/** Of what stands in view (CLS); a tenth of what counts as good. */
const SHIFT = 0.01;
/** Milliseconds of a task that a person notices. */
const LONG = 50;

export default async () => {
  await given(COLLECTION);
  await onStage(COLLECTION, async (page, context) => {
    await page.goto(`${BASE}/`);
    await page.locator("[data-question]:focus").waitFor();
    await page.evaluate(watchShifts);
    await page.evaluate(watchBuilding);
    const browser = context.browser();
    await browser.startTracing(page, { categories: CATEGORIES });
    await ask(page, "Tell me everything at length, please");
    await page.locator('[data-phase="writing"]').waitFor();
    const turn = await answered(page);
    const trace = JSON.parse(String(await browser.stopTracing()));
    const { shifted, movers, built } = await page.evaluate(() => {
      const { shifted, movers, built } = globalThis;
      return { shifted, movers, built };
    });
    const stands = await turn.evaluate((node) => node.querySelectorAll("*").length);
    const told = { ...measured(trace.traceEvents), shifted, built, stands };
    console.log(JSON.stringify(told));

    assert.ok(
      shifted < SHIFT,
      `the layout shifted by ${shifted} while the answer came in: ${movers.join("; ")}`,
    );
    // What is finished stays as it is: an answer that is drawn anew with every word builds its elements by the thousand.
    assert.ok(built < 6 * stands, `${built} elements were built for the ${stands} that stand there`);
    if (!process.env.DOCUBOT_STRICT) return;
    assert.ok(told.framesASecond >= FRAMES_A_SECOND, `${told.framesASecond} frames a second`);
    assert.equal(told.longTasks, 0, `tasks of up to ${told.longest} ms`);
  });
};

/** Counts the elements that are put into the page. */
function watchBuilding() {
  globalThis.built = 0;
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes)
      for (const node of addedNodes)
        if (node instanceof Element) globalThis.built += 1 + node.querySelectorAll("*").length;
  }).observe(document.body, { childList: true, subtree: true });
}

/** Of the page's main thread, from the first event that is asked for to the last. Times of traces are microseconds. */
function measured(events) {
  const main = events.find(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain");
  const own = events.filter(({ pid }) => pid === main?.pid);
  const drawn = own.filter(({ name }) => name === "DrawFrame").map(({ ts }) => ts);
  const dropped = own.filter(({ name }) => name === "DroppedFrame").length;
  const tasks = own
    .filter(({ name, ph, tid }) => name === "RunTask" && ph === "X" && tid === main.tid)
    .map(({ dur }) => dur / 1000);
  const seconds = (Math.max(...drawn) - Math.min(...drawn)) / 1e6;
  return {
    seconds: round(seconds),
    frames: drawn.length,
    dropped,
    framesASecond: round(drawn.length / seconds),
    longTasks: tasks.filter((milliseconds) => milliseconds > LONG).length,
    longest: round(Math.max(...tasks)),
    busy: round(tasks.reduce((sum, one) => sum + one, 0) / 1000 / seconds),
  };
}

const round = (number) => Math.round(number * 100) / 100;
