/**
 * How smoothly an answer of 2,000 tokens is drawn to somebody who scrolled to its end and follows it, so that every
 * frame of the screen has new text to show. Counts are held to; times depend on the machine, so they are told, and held
 * to only with DOCUBOT_STRICT=1.
 *
 * The browser's tracing tells of every frame of the screen (60 a second) what became of it: PRESENTED_ALL, it showed all
 * that was to be shown; PRESENTED_PARTIAL, without what the page still worked on; DROPPED, it was wanted and came too
 * late; NO_UPDATE_DESIRED, nothing was to change. From the first word to the last:
 *   shown, late, still   frames of the first kind, of the two in the middle, and of the last
 *   framesASecond        `shown` over the whole time: also what has nothing to show misses a frame
 *   busy                 the share of the time in which the main thread computed
 *   longest, worked      its longest task, and the most that one computed, in milliseconds: the rest it waited for a core
 * The blinking cursor is stilled: the browser would draw it in time whatever the page does.
 */
import assert from "node:assert/strict";
import { answered, ask, BASE, collectionOf, given, onStage, until, watchShifts } from "./stage.mjs";

const COLLECTION = collectionOf("smooth");
const CATEGORIES = [
  "devtools.timeline",
  "disabled-by-default-devtools.timeline",
  "disabled-by-default-devtools.timeline.frame",
  "blink.user_timing",
];
const FRAMES_A_SECOND = 58;
/** Of what stands in view (CLS); a tenth of what counts as good. */
const SHIFT = 0.01;
/** Milliseconds of a task that a person notices. */
const LONG = 50;
/** Microseconds after the end in which what it brings is drawn. */
const AFTER = 500_000;

export default async () => {
  await given(COLLECTION);
  await onStage(
    COLLECTION,
    async (page, context) => {
      await page.goto(`${BASE}/`);
      await page.locator("[data-question]:focus").waitFor();
      await page.evaluate(watchShifts);
      await page.evaluate(watchBuilding);
      await page.evaluate(watchWriting);
      const browser = context.browser();
      await browser.startTracing(page, { categories: CATEGORIES });
      await ask(page, "Tell me everything at length, please");
      await page.locator('[data-phase="writing"]').waitFor();
      await follow(page);
      const turn = await answered(page);
      const end = await turn.evaluate(isAtEnd);
      await page.waitForTimeout(AFTER / 1000);
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
      assert.ok(end, "whoever follows an answer sees its end");
      // What is finished stays as it is, also when the answer is whole and the conversation gets its address.
      assert.ok(built < 1.5 * stands, `${built} elements were built for the ${stands} that stand there`);
      if (!process.env.DOCUBOT_STRICT) return;
      assert.ok(told.framesASecond >= FRAMES_A_SECOND, `${told.framesASecond} frames a second`);
      assert.equal(told.longTasks, 0, `tasks of up to ${told.longest} ms`);
    },
    { reducedMotion: "no-preference" },
  );
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

/** What a person does who wants to see the newest words. */
async function follow(page) {
  const thread = page.getByRole("region", { name: "Conversation", exact: true });
  const overflows = (node) => node.scrollHeight > node.clientHeight + 1;
  await until(() => thread.evaluate(overflows), "a view that is full");
  await thread.hover();
  await page.mouse.wheel(0, 1000);
}

function isAtEnd(turn) {
  const view = turn.closest("section");
  return view.scrollHeight - view.clientHeight - view.scrollTop < 1;
}

/** Marks in the trace when the answer begins and ends, and stills the cursor. */
function watchWriting() {
  const still = new CSSStyleSheet();
  still.replaceSync("[data-writing] *::after { animation: none !important }");
  document.adoptedStyleSheets.push(still);
  let before = null;
  new MutationObserver(() => {
    const { phase } = document.querySelector("[data-phase]")?.dataset ?? {};
    if (phase !== before) performance.mark(`phase ${phase}`);
    before = phase;
  }).observe(document.body, { childList: true, subtree: true, attributeFilter: ["data-phase"] });
}

/** Of the page's process while the answer is written. Times of traces are microseconds. */
function measured(events) {
  const marked = (name) => events.find((event) => event.name === name && event.cat.includes("user_timing"));
  const { pid, tid, ts: from } = marked("phase writing");
  const { ts: to } = marked("phase done");
  const own = events.filter((event) => event.pid === pid && event.ts >= from && event.ts < to);
  // The last task goes on after the mark: it draws the whole answer.
  const tasks = events
    .filter((event) => event.name === "RunTask" && event.ph === "X" && event.pid === pid && event.tid === tid)
    .filter(({ ts, dur }) => ts + dur > from && ts < to + AFTER);
  const seconds = (to - from) / 1e6;
  const frames = new Map();
  // What the page draws and what the browser moves by itself is reported apart for the same frame.
  for (const { frame_sequence: frame, state } of reports(own))
    frames.set(frame, `${frames.get(frame)} ${state}`);
  const count = (states) => [...frames.values()].filter((told) => states.test(told)).length;
  const [shown, wanted] = [count(/PRESENTED_ALL/), count(/PRESENTED|DROPPED/)];
  return {
    seconds: round(seconds),
    shown,
    late: wanted - shown,
    still: frames.size - wanted,
    framesASecond: round(shown / seconds),
    longTasks: tasks.filter(({ dur }) => dur / 1000 > LONG).length,
    longest: round(Math.max(...tasks.map(({ dur }) => dur)) / 1000),
    worked: round(Math.max(...tasks.map(({ tdur }) => tdur)) / 1000),
    busy: round(tasks.reduce((sum, { tdur }) => sum + tdur, 0) / 1e6 / seconds),
  };
}

const reports = (events) =>
  events
    .filter(({ name, ph }) => name === "PipelineReporter" && ph === "b")
    .map(({ args }) => args.frame_reporter ?? args.chrome_frame_reporter);

const round = (number) => Math.round(number * 100) / 100;
