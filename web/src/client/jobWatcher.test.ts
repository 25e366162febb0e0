import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { DocuBotClient } from "./client";
import { JobWatcher } from "./jobWatcher";
import { abortError } from "./resume";
import type { JobEvent } from "./types";

/** Jobs whose events the test gives out by hand. */
function jobs() {
  const open = new Map<string, { tell(type: string, data?: JobEvent["data"]): void }>();
  async function* followJob(id: string, signal: AbortSignal): AsyncGenerator<JobEvent> {
    const events: JobEvent[] = [];
    let wake = () => {};
    signal.addEventListener("abort", () => wake());
    open.set(id, {
      tell: (type, data = {}) => {
        events.push({ number: 1, type, data, created_at: "" });
        wake();
      },
    });
    try {
      for (;;) {
        if (signal.aborted) throw abortError();
        const event = events.shift();
        if (event) yield event;
        else
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        if (event?.type === "finished") return;
      }
    } finally {
      open.delete(id);
    }
  }
  return { client: { followJob } as unknown as DocuBotClient, open };
}

const settled = () => vi.advanceTimersByTimeAsync(200);

describe("JobWatcher", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("follows two at a time, the oldest first, and goes on as they end", async () => {
    const { client, open } = jobs();
    const over = vi.fn();
    const watcher = new JobWatcher(client, over);
    watcher.watch(["job-3", "job-1", "job-2"]);
    watcher.watch(["job-1"]); // known already
    expect(watcher.states().get("job-3")?.status).toBe("queued");
    await settled();
    expect([...open.keys()]).toEqual(["job-1", "job-2"]);
    open.get("job-1")?.tell("stage", { stage: "parse", progress: 0 });
    await settled();
    expect(watcher.states().get("job-1")).toMatchObject({ status: "running", stage: "parse" });
    open.get("job-1")?.tell("finished", { status: "succeeded" });
    await settled();
    expect(over).toHaveBeenCalledExactlyOnceWith("job-1", expect.objectContaining({ status: "succeeded" }));
    expect([...open.keys()]).toEqual(["job-2", "job-3"]);
    watcher.stop();
  });

  it("lets a silent job give way, and looks at it again later", async () => {
    const { client, open } = jobs();
    const watcher = new JobWatcher(client);
    watcher.watch(["job-1", "job-2", "job-3"]);
    await vi.advanceTimersByTimeAsync(3000);
    open.get("job-2")?.tell("progress", { progress: 0.2 });
    await vi.advanceTimersByTimeAsync(2500);
    expect([...open.keys()]).toEqual(["job-2", "job-3"]);
    open.get("job-3")?.tell("finished", { status: "succeeded" });
    await settled();
    expect([...open.keys()].sort()).toEqual(["job-1", "job-2"]);
    watcher.stop();
    await settled();
    expect(open.size).toBe(0);
  });
});
