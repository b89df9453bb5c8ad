import { describe, expect, it, vi } from "vitest";
import { AppError } from "../../src/core/errors.ts";
import { Gate } from "../fakes/gate.ts";
import { youtubeId, youtubeTrack } from "../fakes/tracks.ts";
import { type CacheUnderTest, NEVER, PROFILE, setUp } from "./set-up.ts";

const song = youtubeTrack(youtubeId(1), { durationMs: 1_000 });

function begin(bench: CacheUnderTest, signal = NEVER): Promise<object | undefined> {
  return bench.cache.begin(song, { profile: PROFILE, guildId: "guild" }, signal);
}

describe("a recording of which only the link is known", () => {
  it("tells its facts while it arrives, and is then acquired by the same download", async () => {
    const bench = await setUp();
    const gate = new Gate();
    const facts = { title: "Told on the way", durationMs: 1_000 };
    bench.source.script(song.id, { facts, waitAt: { share: 0.2, gate } });
    expect(await begin(bench)).toMatchObject(facts);
    await gate.reached;
    const playing = bench.play({ ...song, ...facts });
    gate.open();
    expect((await playing).outcome).toBe("miss");
    expect(bench.source.downloads).toEqual([song.id]);
    expect(bench.log.named("cache.shared")).toEqual([]);
  });

  it("fails with the source's own word", async () => {
    const bench = await setUp();
    bench.source.script(song.id, { synchronousFailure: new AppError("PRIVATE_VIDEO") });
    await expect(begin(bench)).rejects.toMatchObject({ code: "PRIVATE_VIDEO" });
  });

  it("tells what it is also when it may not be fetched, and the next try says why", async () => {
    const bench = await setUp();
    bench.source.script(song.id, { facts: { isLive: true } });
    const track = await begin(bench);
    expect(track).toMatchObject({ isLive: true });
    await expect(bench.play({ ...song, isLive: true })).rejects.toMatchObject({ code: "LIVE_NOT_SUPPORTED" });
  });

  it("is asked for elsewhere when the file was there without a row", async () => {
    const bench = await setUp();
    await bench.play(song);
    const bytes = await bench.bytesOf(song);
    const other = await setUp();
    await other.plant(song, bytes);
    expect(await begin(other)).toBeUndefined();
    expect(other.source.downloads).toEqual([]);
  });

  it("is not fetched to its end when nobody comes for it", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      const bench = await setUp();
      const gate = new Gate();
      bench.source.script(song.id, { waitAt: { share: 0.2, gate } });
      await begin(bench);
      await gate.reached;
      await vi.advanceTimersByTimeAsync(10_000);
      await vi.waitFor(() => expect(bench.source.aborted).toBe(1));
    } finally {
      vi.useRealTimers();
    }
  });

  it("is kept out of the cache by a rule about its channel, which nobody knew before", async () => {
    const bench = await setUp({
      keepSource: true,
      isKept: async ({ artist }) => artist !== "Kept out",
    });
    bench.source.script(song.id, { facts: { artist: "Kept out", durationMs: 1_000 } });
    await begin(bench);
    expect((await bench.play({ ...song, artist: "Kept out" })).isStored).toBe(false);
    expect(await bench.names("audio")).toEqual([]);
    expect(bench.log.named("cache.original_kept")).toEqual([]);
  });
});

describe("a cached song", () => {
  it("is opened without being fetched or counted", async () => {
    const bench = await setUp();
    expect(await bench.cache.acquireCached(song, { profile: PROFILE, guildId: "guild" })).toBeUndefined();
    await bench.play(song);
    const audio = await bench.cache.acquireCached(song, { profile: PROFILE, guildId: "guild" });
    await audio?.close();
    expect(audio?.entry.bytes).toBe((await bench.bytesOf(song)).length);
    expect((await bench.cache.peek(song, PROFILE))?.playCount).toBe(1);
  });
});
