/**
 * Follows many jobs over few connections: the oldest first, because the server works in that order. A job that has told
 * nothing for a while gives its place to the next and is looked at again later.
 */
import type { DocuBotClient } from "./client";
import { isOver, type JobState, jobReducer, QUEUED } from "./jobState";
import { DocuBotError, isAbort } from "./problem";
import { Store } from "./store";

interface Followed {
  control: AbortController;
  heardAt: number;
}

const AT_ONCE = 2;
const QUIET_TURN = 4000;
const LOOK_EVERY = 1000;

export class JobWatcher {
  private readonly store = new Store<ReadonlyMap<string, JobState>>(new Map());
  /** In the order in which they get a connection. */
  private waiting: string[] = [];
  private readonly followed = new Map<string, Followed>();
  private timer: ReturnType<typeof setInterval> | null = null;

  readonly states = this.store.get;
  readonly subscribe = this.store.subscribe;

  constructor(
    private readonly client: DocuBotClient,
    private readonly onOver: (jobId: string, state: JobState) => void = () => undefined,
  ) {}

  /** Begin to watch jobs that are not watched yet. */
  watch(ids: readonly string[]): void {
    const known = new Set([...this.waiting, ...this.followed.keys()]);
    const fresh = ids.filter((id) => !known.has(id) && !this.isOver(id));
    if (!fresh.length) return;
    const states = new Map(this.store.get());
    for (const id of fresh) states.set(id, QUEUED);
    this.store.set(states);
    // Ids are UUIDv7: their order is the order of their making.
    this.waiting = [...this.waiting, ...fresh].sort();
    this.fill();
  }

  stop(): void {
    for (const { control } of this.followed.values()) control.abort();
    this.followed.clear();
    this.waiting = [];
    this.tick(false);
  }

  private isOver(id: string): boolean {
    const state = this.store.get().get(id);
    return state !== undefined && isOver(state);
  }

  private fill(): void {
    while (this.followed.size < AT_ONCE) {
      const id = this.waiting.shift();
      if (id === undefined) break;
      const followed = { control: new AbortController(), heardAt: Date.now() };
      this.followed.set(id, followed);
      void this.follow(id, followed);
    }
    this.tick(this.waiting.length > 0);
  }

  private async follow(id: string, followed: Followed): Promise<void> {
    let state = QUEUED;
    try {
      for await (const event of this.client.followJob(id, followed.control.signal)) {
        followed.heardAt = Date.now();
        state = jobReducer(state, event);
        this.store.set(new Map(this.store.get()).set(id, state), isOver(state));
      }
    } catch (error) {
      if (isAbort(error)) return; // its turn was over
      const { code, message } = error instanceof DocuBotError ? error : { code: "bad_answer", message: "" };
      // A job that is gone has nothing more to tell; the document itself says how it ended.
      state = { ...state, status: "failed", error: { code, message } };
      this.store.set(new Map(this.store.get()).set(id, state), true);
    }
    this.followed.delete(id);
    this.onOver(id, state);
    this.fill();
  }

  /** While jobs wait, those that tell nothing give way. */
  private tick(needed: boolean): void {
    if (!needed && this.timer !== null) clearInterval(this.timer);
    if (!needed) this.timer = null;
    else this.timer ??= setInterval(() => this.giveWay(), LOOK_EVERY);
  }

  private giveWay(): void {
    for (const [id, { control, heardAt }] of [...this.followed]) {
      if (Date.now() - heardAt < QUIET_TURN) continue;
      this.followed.delete(id);
      this.waiting.push(id);
      control.abort();
    }
    this.fill();
  }
}
