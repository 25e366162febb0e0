/** The server is killed and started again in the middle of an upload and of an answer: both go on. */
import assert from "node:assert/strict";
import { connect, createServer } from "node:net";
import { createInterface } from "node:readline";
import { answered, api, ask, BASE, collectionOf, given, onStage, shot, until } from "./stage.mjs";

const COLLECTION = collectionOf("resume");

export default async () => {
  await given(COLLECTION);
  await onStage(COLLECTION, async (page) => {
    const line = await openLine();
    try {
      await page.goto(`${line.url}/`);
      await droppedConnection(page, line);
      await restartedDuringAnswer(page);
      await restartedDuringUpload(page, line);
    } finally {
      line.close();
    }
  });
  process.stdin.destroy();
};

const answers = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

/** Whoever plays the stories reads this line, does it, and says so when the server is back. */
async function restartServer() {
  console.log("::restart-server::");
  const { value } = await answers.next();
  assert.equal(value, "restarted");
}

/** A line to the server that can be cut, which a browser's "offline" does not do to what already flows. */
async function openLine() {
  const sockets = new Set();
  let down = false;
  const server = createServer((near) => {
    if (down) return void near.destroy();
    const far = connect(Number(new URL(BASE).port), "127.0.0.1");
    for (const [one, other] of [
      [near, far],
      [far, near],
    ]) {
      sockets.add(one);
      one.pipe(other);
      one.on("error", () => other.destroy());
      one.on("close", () => {
        sockets.delete(one);
        other.destroy();
      });
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const setDown = (value) => {
    down = value;
    if (down) for (const socket of sockets) socket.destroy();
  };
  const close = () => {
    setDown(true);
    server.close();
  };
  return { url: `http://127.0.0.1:${server.address().port}`, setDown, close };
}

async function droppedConnection(page, line) {
  await ask(page, "Tell me everything slowly, please");
  await page.locator('[data-phase="writing"]').waitFor();
  line.setDown(true);
  await page.getByText("Connection lost").waitFor();
  await shot(page, "reconnecting");
  line.setDown(false);
  const turn = await answered(page);
  const text = await turn.locator("p").allInnerTexts();
  assert.equal(text.join(" ").match(/Aurora spent/g)?.length, 1, "nothing is said twice");
}

async function restartedDuringAnswer(page) {
  await ask(page, "Tell me everything slowly, once more");
  await page.locator('[data-phase="writing"]').waitFor();
  await restartServer();
  const turn = await answered(page);
  await turn.getByText("Aurora spent").waitFor();
  assert.equal(await page.getByRole("alert").count(), 0);
}

async function restartedDuringUpload(page, line) {
  await page.goto(`${line.url}/#/documents`);
  const client = await page.context().newCDPSession(page);
  await client.send("Network.enable");
  const slow = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 300_000 };
  await client.send("Network.emulateNetworkConditions", slow);
  const words = Array.from({ length: 40_000 }, (_, index) => `Line ${index} of a long text.`).join("\n");
  await page.setInputFiles("[data-files]", {
    name: "long.md",
    mimeType: "text/markdown",
    buffer: Buffer.from(words),
  });
  await page.getByRole("progressbar", { name: /Uploading long.md/ }).waitFor();
  await restartServer();
  await client.send("Network.emulateNetworkConditions", { ...slow, uploadThroughput: -1 });
  const stored = async () => (await api(`/documents?collection=${encodeURIComponent(COLLECTION)}`)).items;
  await until(async () => (await stored()).some(({ filename }) => filename === "long.md"), "the upload");
  await page.getByRole("row", { name: /long\.md/ }).waitFor();
}
