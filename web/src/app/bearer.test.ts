import { describe, expect, it } from "vitest";
import { DocuBotError } from "../client";
import { Bearer, type Renewed } from "./bearer";
import type { Credentials } from "./credentials";

const user = (generation: number): Credentials => ({
  kind: "user",
  access: `access ${generation}`,
  refresh: `refresh ${generation}`,
});

/** Channels that hear each other, as those of tabs do, at once. */
function channels(number: number) {
  const all = Array.from({ length: number }, () => ({
    onmessage: null as ((event: MessageEvent<Renewed>) => void) | null,
    postMessage(data: Renewed) {
      for (const other of all) if (other !== this) other.onmessage?.({ data } as MessageEvent<Renewed>);
    },
  }));
  return all;
}

function bearing(
  first: Credentials | null,
  {
    answer = async (refresh: string) => user(Number(refresh.split(" ")[1]) + 1),
    channel = channels(1)[0],
  } = {},
) {
  const asked: string[] = [];
  const kept: (Credentials | null)[] = [];
  const time = { now: 0 };
  const renew = (refresh: string) => {
    asked.push(refresh);
    return answer(refresh);
  };
  if (!channel) throw new Error("no channel");
  const bearer = new Bearer(
    first,
    { user: renew, issuer: renew },
    (one) => kept.push(one),
    channel,
    () => time.now,
  );
  return { bearer, asked, kept, time };
}

describe("a bearer", () => {
  it("renews once for all calls that were refused meanwhile, and keeps what it got", async () => {
    const { bearer, asked, kept } = bearing(user(1));
    expect(await Promise.all([bearer.renew(), bearer.renew()])).toEqual([true, true]);
    expect(await bearer.renew()).toBe(true); // of a call that was on its way
    expect(asked).toEqual(["refresh 1"]);
    expect(kept).toEqual([user(2)]);
    expect(bearer.headers()).toEqual({ Authorization: "Bearer access 2" });
  });

  it("uses the newest token the next time", async () => {
    const { bearer, asked, time } = bearing(user(1));
    await bearer.renew();
    time.now += 60_000;
    await bearer.renew();
    expect(asked).toEqual(["refresh 1", "refresh 2"]);
  });

  it("has nothing to renew for a key, for nobody, and for a token that came alone", async () => {
    const alone: Credentials = { kind: "issuer", access: "a", refresh: null };
    for (const one of [null, { kind: "key", access: "db_1", refresh: null } as const, alone]) {
      const { bearer, asked } = bearing(one);
      expect(await bearer.renew()).toBe(false);
      expect(asked).toEqual([]);
    }
  });

  it("gives up when the server refuses, and tells when it cannot be reached", async () => {
    const refused = bearing(user(1), {
      answer: () => Promise.reject(new DocuBotError("invalid_grant", "No.", 400)),
    });
    expect(await refused.bearer.renew()).toBe(false);
    const away = bearing(user(1), { answer: () => Promise.reject(new DocuBotError("network_error", "No.")) });
    await expect(away.bearer.renew()).rejects.toMatchObject({ code: "network_error" });
    expect(away.bearer.current).toEqual(user(1));
  });

  it("takes over what another tab with the same tokens has renewed, and nobody else's", async () => {
    const [one, two, three] = channels(3);
    const first = bearing(user(1), { channel: one });
    const same = bearing(user(1), { channel: two });
    const other = bearing(user(7), { channel: three });
    await first.bearer.renew();
    expect(same.bearer.current).toEqual(user(2));
    expect(same.kept).toEqual([user(2)]);
    expect(other.bearer.current).toEqual(user(7));
    expect(await same.bearer.renew()).toBe(true);
    expect(same.asked).toEqual([]);
  });

  it("stays signed out when that happened while tokens were on their way", async () => {
    const { bearer } = bearing(user(1));
    const renewed = bearer.renew();
    bearer.become(null);
    expect(await renewed).toBe(false);
    expect(bearer.headers()).toEqual({});
  });

  it("lets calls wait that are refused while it gets tokens in place of worthless ones", async () => {
    const [one, two] = channels(2);
    const { bearer, asked } = bearing(user(1), { channel: one });
    const tab = bearing(user(1), { channel: two });
    const changed = bearer.anew(async () => user(5));
    expect(await bearer.renew()).toBe(true);
    await changed;
    expect(bearer.current).toEqual(user(5));
    expect(tab.bearer.current).toEqual(user(5));
    expect(asked).toEqual([]);
  });

  it("keeps what it has when the change is refused", async () => {
    const { bearer, time } = bearing(user(1));
    time.now += 60_000;
    await expect(bearer.anew(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await bearer.renew()).toBe(true);
    expect(bearer.current).toEqual(user(2));
  });
});
