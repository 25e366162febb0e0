/** Whom the page speaks for, and how that stays good: tokens are renewed here, once for all calls that wait for it. */
import { DocuBotError } from "../client";
import type { Credentials } from "./credentials";

/** Gets new tokens for a refresh token. Rejects when there are none to be had. */
export type Renewals = Record<"user" | "issuer", (refresh: string) => Promise<Credentials>>;

/** What tabs tell each other: a refresh token was used up, and what came of it. */
export interface Renewed {
  was: string;
  now: Credentials;
}

interface Channel {
  postMessage(message: Renewed): void;
  onmessage: ((event: MessageEvent<Renewed>) => void) | null;
}

/** Milliseconds in which a refusal is of a call that was on its way while tokens were renewed. */
const JUST_NOW = 5000;

export class Bearer {
  private renewing: Promise<boolean> | null = null;
  private renewedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private credentials: Credentials | null,
    private readonly renewals: Renewals,
    /** Called with each change, for those who keep it. */
    private readonly changed: (credentials: Credentials | null) => void,
    private readonly tabs: Channel,
    private readonly clock = () => performance.now(),
  ) {
    // A duplicated tab has the same tokens. The server ends a session whose used token comes again, so tabs share.
    tabs.onmessage = ({ data: { was, now } }) => {
      if (this.credentials?.refresh && this.credentials.refresh === was) this.keep(now);
    };
  }

  get current(): Credentials | null {
    return this.credentials;
  }

  headers = (): Record<string, string> =>
    this.credentials ? { Authorization: `Bearer ${this.credentials.access}` } : {};

  /** Somebody else, or nobody. */
  become(credentials: Credentials | null): void {
    this.renewedAt = Number.NEGATIVE_INFINITY;
    this.store(credentials);
  }

  /** The same person by new tokens; `get` makes the old ones worthless, so calls that are refused meanwhile wait for it. */
  async anew(get: () => Promise<Credentials>): Promise<void> {
    const was = this.credentials?.refresh;
    const change = get().then((now) => {
      if (was) this.tabs.postMessage({ was, now });
      this.keep(now);
      return true;
    });
    this.renewing = change
      .catch(() => this.renewed())
      .finally(() => {
        this.renewing = null;
      });
    this.renewing.catch(() => undefined);
    await change;
  }

  /** Whether a call that was refused is worth sending again. Rejects when the server cannot be asked now. */
  renew = (): Promise<boolean> => {
    if (this.clock() - this.renewedAt < JUST_NOW) return Promise.resolve(true);
    this.renewing ??= this.renewed().finally(() => {
      this.renewing = null;
    });
    return this.renewing;
  };

  private async renewed(): Promise<boolean> {
    const old = this.credentials;
    if (!old?.refresh) return false;
    try {
      const now = await this.renewals[old.kind](old.refresh);
      if (this.credentials !== old) return this.credentials !== null; // signed out, or renewed by another tab
      this.tabs.postMessage({ was: old.refresh, now });
      this.keep(now);
      return true;
    } catch (error) {
      if (error instanceof DocuBotError && error.temporary) throw error;
      return false;
    }
  }

  private keep(credentials: Credentials): void {
    this.renewedAt = this.clock();
    this.store(credentials);
  }

  private store(credentials: Credentials | null): void {
    this.credentials = credentials;
    this.changed(credentials);
  }
}
