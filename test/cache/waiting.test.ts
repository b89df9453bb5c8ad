import { describe, expect, it, vi } from "vitest";
import type { Transcoder } from "../../src/audio/transcoder.ts";
import type { Preparation } from "../../src/core/preparation.ts";
import { Gate } from "../fakes/gate.ts";
import { youtubeId, youtubeTrack } from "../fakes/tracks.ts";
import { type CacheUnderTest, ffmpeg, PROFILE, setUp } from "./set-up.ts";

const song = youtubeTrack(youtubeId(0));
const ABORTED = { code: "ABORTED" };

/** A song that is being fetched and stands still at a share of its bytes. */
async function fetching(share: number): Promise<{ bench: CacheUnderTest; gate: Gate }> {
  const bench = await setUp();
  const gate = new Gate();
  bench.source.script(song.id, { waitAt: { share, gate } });
  return { bench, gate };
}

describe("one who stops waiting", () => {
  it("is told at once, and the others get their song", async () => {
    const { bench, gate } = await fetching(0.2);
    const skip = new AbortController();
    const skipped = bench.ask(song, { guildId: "a", signal: skip.signal });
    const others = [1, 2, 3].map((guild) => bench.play(song, { guildId: String(guild) }));
    await gate.reached;
    skip.abort();
    await expect(skipped).rejects.toMatchObject(ABORTED);
    expect(bench.source.aborted).toBe(0);
    gate.open();
    expect((await Promise.all(others)).map(({ outcome }) => outcome)).toEqual(["shared", "shared", "shared"]);
    expect(bench.source.downloads).toHaveLength(1);
    await vi.waitFor(async () =>
      expect(await bench.plays.countSince(0)).toEqual({ hits: 0, misses: 0, shared: 3 }),
    );
  });

  it("hears no more of its progress", async () => {
    const { bench, gate } = await fetching(0.2);
    const skip = new AbortController();
    const heard: Record<string, Preparation["status"][]> = { skipped: [], stays: [] };
    const skipped = bench.ask(song, {
      signal: skip.signal,
      onProgress: ({ status }) => heard["skipped"]?.push(status),
    });
    const stays = bench.play(song, { onProgress: ({ status }) => heard["stays"]?.push(status) });
    await gate.reached;
    skip.abort();
    await expect(skipped).rejects.toMatchObject(ABORTED);
    gate.open();
    await stays;
    expect(heard).toEqual({
      skipped: ["starting", "downloading"],
      stays: ["starting", "downloading", "downloading", "normalizing"],
    });
  });

  it("is told how far it is when it comes late", async () => {
    const { bench, gate } = await fetching(0.2);
    const first = bench.play(song);
    await gate.reached;
    const heard: Preparation[] = [];
    const second = bench.play(song, { onProgress: (progress) => heard.push(progress) });
    await vi.waitFor(() => expect(heard).toHaveLength(1));
    expect(heard[0]).toMatchObject({ status: "downloading", receivedBytes: expect.any(Number) as number });
    gate.open();
    await Promise.all([first, second]);
  });
});

describe("the last one who stops waiting", () => {
  it("ends a young fill, without a trace", async () => {
    const { bench, gate } = await fetching(0.3);
    const skips = [new AbortController(), new AbortController()];
    const asked = skips.map(({ signal }) => bench.ask(song, { signal }));
    await gate.reached;
    skips[0]?.abort();
    await expect(asked[0]).rejects.toMatchObject(ABORTED);
    expect(bench.source.aborted).toBe(0);
    skips[1]?.abort();
    await expect(asked[1]).rejects.toMatchObject(ABORTED);
    await vi.waitFor(() => expect(bench.locks.size).toBe(0));
    expect(bench.source.aborted).toBe(1);
    expect(await bench.names("work")).toEqual([]);
    expect(await bench.cache.peek(song, PROFILE)).toBeUndefined();
  });

  it("lets one that is nearly done go on, for the next time", async () => {
    const { bench, gate } = await fetching(0.8);
    const skip = new AbortController();
    const asked = bench.ask(song, { signal: skip.signal });
    await gate.reached;
    skip.abort();
    await expect(asked).rejects.toMatchObject(ABORTED);
    gate.open();
    await vi.waitFor(async () => expect(await bench.cache.peek(song, PROFILE)).toBeDefined(), {
      timeout: 20_000,
    });
    expect(bench.source.aborted).toBe(0);
    expect((await bench.play(song)).outcome).toBe("hit");
    expect(bench.source.downloads).toHaveLength(1);
  });

  it("ends one whose size nobody knows", async () => {
    const { bench, gate } = await fetching(0.9);
    bench.source.script(song.id, { waitAt: { share: 0.9, gate }, saysNoSize: true });
    const skip = new AbortController();
    const asked = bench.ask(song, { signal: skip.signal });
    await gate.reached;
    skip.abort();
    await expect(asked).rejects.toMatchObject(ABORTED);
    await vi.waitFor(() => expect(bench.source.aborted).toBe(1));
  });

  it("lets one that is being levelled go on, and a newcomer joins it", async () => {
    const gate = new Gate();
    const slow: Transcoder = {
      ...ffmpeg,
      normalize: async (request, signal) => {
        await gate.pass(signal);
        return ffmpeg.normalize(request, signal);
      },
    };
    const bench = await setUp({ transcoder: slow });
    const skip = new AbortController();
    const asked = bench.ask(song, { signal: skip.signal });
    await gate.reached;
    skip.abort();
    await expect(asked).rejects.toMatchObject(ABORTED);
    const newcomer = bench.play(song);
    gate.open();
    expect((await newcomer).outcome).toBe("shared");
    expect(bench.source.downloads).toHaveLength(1);
  });

  it("does not take along who comes in the same moment: a new fill starts when the old one has cleaned up", async () => {
    const { bench, gate } = await fetching(0.3);
    const skip = new AbortController();
    const asked = bench.ask(song, { signal: skip.signal });
    await gate.reached;
    skip.abort();
    await expect(asked).rejects.toMatchObject(ABORTED);
    bench.source.script(song.id, {});
    expect((await bench.play(song)).outcome).toBe("miss");
    expect(bench.source.downloads).toHaveLength(2);
    expect(await bench.names("work")).toEqual([]);
  });
});
