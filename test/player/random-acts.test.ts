import { expect, it, vi } from "vitest";
import { AppError } from "../../src/core/errors.ts";
import { readSnapshot } from "../../src/player/snapshot.ts";
import { youtubeId, youtubeTrack } from "../fakes/tracks.ts";
import { ATTIC, LOUNGE, type SessionUnderTest, setUp, song } from "./set-up.ts";

/** 0 ≤ number < 1, the same ones each time for a seed (a linear congruential generator). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const never = new AbortController().signal;

/** What people, Discord and time do to a session. */
function actsOn(bench: SessionUnderTest, random: () => number): (() => unknown)[] {
  const { session, voice } = bench;
  const { queue } = session;
  const place = (): number => 1 + Math.floor(random() * (queue.length + 1));
  let songs = 0;
  const some = (): ReturnType<typeof song>[] =>
    Array.from({ length: 1 + Math.floor(random() * 3) }, () => song((songs += 1)));
  const finish = (): void => voice.links.at(-1)?.finish();
  return [
    finish,
    finish,
    finish,
    () => session.enqueue(some(), LOUNGE),
    () => session.enqueue(some(), LOUNGE, { at: "next" }),
    () => session.enqueue(some(), LOUNGE, { at: "now" }),
    () => session.skip(),
    () => session.skipTo(place(), LOUNGE),
    () => session.back(ATTIC),
    () => session.shuffle(),
    () => queue.move(place(), place()),
    () => queue.remove(place(), place()),
    () => (session.loop = (["off", "track", "queue"] as const)[Math.floor(random() * 3)] ?? "off"),
    () => session.pause(),
    () => session.resume(LOUNGE),
    () => session.setAudience(new Set(random() < 0.5 ? [] : ["ann"])),
    () => session.seek(0, never).catch(() => undefined),
    () => session.moveTo(random() < 0.5 ? ATTIC : LOUNGE).catch(() => undefined),
    () => voice.links.at(-1)?.lose(),
    () => (session.sleep = random() < 0.5 ? { after: "song" } : undefined),
    () => (bench.options = { ...bench.options, fairQueue: random() < 0.5, autoplay: random() < 0.5 }),
    () => random() < 0.2 && session.stop(),
  ];
}

it.each([1, 2, 3, 4, 5, 6, 7, 8])(
  "whatever people do, no song is doubled or stuck, and all audio is closed (%d)",
  async (seed) => {
    const bench = setUp();
    const { session, voice } = bench;
    const random = seeded(seed * 7_919);
    let made = 0;
    voice.autoplay = false;
    for (let number = 0; number < 2_000; number += 3) bench.cached.add(String(number));
    bench.suggestNext = async () => youtubeTrack(youtubeId(Math.floor(random() * 1_000)));
    bench.provide = async ({ item }) => {
      if (Number(item.id) % 7 === 0) throw new AppError("VIDEO_REMOVED");
      if (random() < 0.3) await turn();
      made += 1;
      return bench.audio(item);
    };
    bench.find = async ({ item }) => {
      if (!bench.cached.has(item.id)) return undefined;
      made += 1;
      return bench.audio(item);
    };
    const acts = actsOn(bench, random);
    for (let step = 0; step < 400; step += 1) {
      await acts[Math.floor(random() * acts.length)]?.();
      if (random() < 0.7) await turn();
      const { current, waiting } = readSnapshot(JSON.parse(JSON.stringify(session.snapshot())));
      const ids = [...(current ? [current.item] : []), ...waiting].map(({ id }) => id);
      expect(ids).toEqual([...new Set(ids)]);
    }
    bench.options = { ...bench.options, autoplay: false };
    session.loop = "off";
    session.sleep = undefined;
    session.setAudience(new Set(["ann"]));
    for (let step = 0; step < 2_000 && session.tracks.length > 0; step += 1) {
      session.resume(LOUNGE);
      voice.links.at(-1)?.finish();
      await turn();
    }
    await vi.waitFor(() => expect(session.state.status).toBe("idle"));
    expect(session.tracks).toEqual([]);
    await session.stop();
    await vi.waitFor(() => expect(bench.closed).toHaveLength(made));
  },
);
