import { describe, expect, it, vi } from "vitest";
import { DocuBotClient } from "./client";
import { DocuBotError } from "./problem";
import { abortError } from "./resume";
import type { Send, Sending } from "./send";
import { UploadQueue } from "./uploadQueue";

/** A server that holds each upload until the test lets it go. */
function heldServer() {
  const held: { sending: Sending; end(error?: Error): void }[] = [];
  const send: Send = <T>(sending: Sending) =>
    new Promise<T>((resolve, reject) => {
      sending.signal.addEventListener("abort", () => reject(abortError()));
      const document = { id: `d${held.length}`, filename: "x", bytes: 1, duplicate: false };
      const answer = sending.method === "PUT" ? document : { documents: [document] };
      held.push({ sending, end: (error) => (error ? reject(error) : resolve(answer as T)) });
    });
  return { client: new DocuBotClient({ send }), held };
}

const files = (...names: string[]) =>
  names.map((name) => ({ file: new File(["x"], name), collection: "default" }));
const phases = (queue: UploadQueue) => queue.items().map(({ phase }) => phase);

describe("UploadQueue", () => {
  it("sends two at a time, in order, and tells of each that is stored", async () => {
    const { client, held } = heldServer();
    const stored = vi.fn();
    const queue = new UploadQueue(client, stored);
    queue.add(files("a.pdf", "b.pdf", "c.pdf"));
    expect(phases(queue)).toEqual(["sending", "sending", "waiting"]);
    held[0]?.sending.onProgress?.(0.5);
    expect(queue.items()[0]?.share).toBe(0.5);
    held[0]?.end();
    await vi.waitFor(() => expect(phases(queue)).toEqual(["stored", "sending", "sending"]));
    expect(stored).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ filename: "a.pdf" }),
      expect.objectContaining({ id: "d0" }),
    );
  });

  it("cancels what waits and what is under way, and sends it again on demand", async () => {
    const { client, held } = heldServer();
    const queue = new UploadQueue(client);
    queue.add(files("a.pdf", "b.pdf", "c.pdf"));
    const [first, , last] = queue.items();
    queue.cancel(first?.key ?? "");
    queue.cancel(last?.key ?? "");
    await vi.waitFor(() => expect(phases(queue)).toEqual(["cancelled", "sending", "cancelled"]));
    queue.retry(first?.key ?? "");
    await vi.waitFor(() => expect(held).toHaveLength(3));
    expect(phases(queue)).toEqual(["sending", "sending", "cancelled"]);
  });

  it("keeps what failed until it is dismissed, and unlocks with a password", async () => {
    const { client, held } = heldServer();
    const queue = new UploadQueue(client);
    queue.add(files("a.pdf"));
    held[0]?.end(new DocuBotError("password_required", "Locked.", 422));
    await vi.waitFor(() => expect(phases(queue)).toEqual(["failed"]));
    expect(queue.items()[0]?.error?.code).toBe("password_required");
    queue.retry(queue.items()[0]?.key ?? "", "secret");
    await vi.waitFor(() => expect(held[1]?.sending.body.get("password")).toBe("secret"));
    // Another request than the first: the key that made that one repeatable must not stand for it.
    expect(held[1]?.sending.headers["Idempotency-Key"]).not.toBe(held[0]?.sending.headers["Idempotency-Key"]);
    held[1]?.end();
    await vi.waitFor(() => expect(phases(queue)).toEqual(["stored"]));
    queue.dismiss();
    expect(queue.items()).toEqual([]);
  });

  it("puts a new version in place of a document's file", () => {
    const { client, held } = heldServer();
    new UploadQueue(client).add([{ file: new File(["x"], "b.pdf"), collection: "default", replaces: "d7" }]);
    expect(held[0]?.sending).toMatchObject({ method: "PUT", url: "/documents/d7/file" });
  });
});
