import { rm, stat } from "node:fs/promises";
import { describe, expect, it, vi } from "vitest";
import { audioProfile } from "../../src/core/audio-profile.ts";
import type { Preparation } from "../../src/core/preparation.ts";
import { CacheIndex } from "../../src/db/cache-index.ts";
import { Gate } from "../fakes/gate.ts";
import { allOf, heardOf } from "../fakes/packets.ts";
import { youtubeId, youtubeTrack } from "../fakes/tracks.ts";
import { ffmpeg, NEVER, PROFILE, setUp } from "./set-up.ts";

const song = youtubeTrack(youtubeId(0));

describe("a song that is not there", () => {
  it("is fetched, levelled, kept and played", async () => {
    const bench = await setUp();
    const stages: Preparation[] = [];
    const audio = await bench.ask(song, { onProgress: (progress) => stages.push(progress) });
    const packets = await heardOf(audio);
    await audio.close();

    expect(audio.outcome).toBe("miss");
    expect(packets).toHaveLength(Math.ceil(audio.entry.durationMs / 20) + 1);
    expect(Math.abs(audio.entry.durationMs - 1_000)).toBeLessThan(50);
    expect(audio.entry.loudness.integratedLufs).toBeCloseTo(-14, 0);
    expect(audio.entry.sourceLoudness?.integratedLufs).toBeCloseTo(-20, 0);
    expect((await stat(bench.file(song))).size).toBe(audio.entry.bytes);
    expect([...new Set(stages.map(({ status }) => status))]).toEqual([
      "starting",
      "downloading",
      "normalizing",
    ]);
    expect(bench.events()).toEqual(["cache.miss", "cache.published"]);
    const fields = { key: song.id, profile: PROFILE.id, guildId: "guild" };
    expect(bench.log.named("cache.published")).toEqual([
      { ...fields, bytes: audio.entry.bytes, durationMs: audio.entry.durationMs },
    ]);
    expect(bench.log.named("cache.miss")).toEqual([fields]);
    expect(await bench.names("work")).toEqual([]);
    expect(bench.locks.size).toBe(0);
  });

  it("keeps what the source told with it, and what was known when the source knows less", async () => {
    const bench = await setUp();
    const known = youtubeTrack(song.id, {
      title: "Old",
      artist: "Known artist",
      thumbnailUrl: "https://i.example/a",
    });
    bench.source.script(song.id, {
      lateFacts: { title: "New", artist: "", durationMs: null, thumbnailUrl: null },
    });
    await bench.play(known);
    await vi.waitFor(async () => expect(await bench.index.mostPlayed(1)).toHaveLength(1));
    expect(await bench.index.mostPlayed(1)).toEqual([{ title: "New", artist: "Known artist", plays: 1 }]);
    const { tags } = await ffmpeg.inspect(bench.file(song), NEVER);
    expect(tags).toMatchObject({
      TITLE: "New",
      ENCORE_ID: song.id,
      ENCORE_SOURCE: "youtube",
      ENCORE_PROFILE: PROFILE.id,
    });
  });
});

describe("a song that is there", () => {
  it("is played as it is: nothing is asked for, the file is not touched", async () => {
    const bench = await setUp();
    await bench.play(song);
    const before = await stat(bench.file(song), { bigint: true });
    const bytes = await bench.bytesOf(song);
    const stages: Preparation[] = [];
    const again = await bench.play(song, { onProgress: (progress) => stages.push(progress) });
    expect(again.outcome).toBe("hit");
    expect(stages).toEqual([]);
    expect(bench.source.downloads).toEqual([song.id]);
    const { ino, size, mtimeNs } = await stat(bench.file(song), { bigint: true });
    expect({ ino, size, mtimeNs }).toEqual({ ino: before.ino, size: before.size, mtimeNs: before.mtimeNs });
    expect(bytes.equals(await bench.bytesOf(song))).toBe(true);
    expect(bench.log.named("cache.hit")).toEqual([
      { key: song.id, profile: PROFILE.id, guildId: "guild", bytes: bytes.length, ms: 0 },
    ]);
  });

  it("counts its plays and the time of the last one", async () => {
    const bench = await setUp();
    for (const plays of [1, 2, 3]) {
      bench.clock.advance(60_000);
      const audio = await bench.play(song);
      expect(audio.entry.playCount).toBe(plays - 1);
      await vi.waitFor(async () =>
        expect(await bench.cache.peek(song, PROFILE)).toMatchObject({
          playCount: plays,
          lastPlayedAtMs: bench.clock.nowMs(),
        }),
      );
    }
    await vi.waitFor(async () =>
      expect(await bench.plays.countSince(0)).toEqual({ hits: 2, misses: 1, shared: 0 }),
    );
    expect((await bench.present())[0]?.evictKey).toBeGreaterThan(0);
  });

  it("is another one in another profile", async () => {
    const bench = await setUp();
    await bench.play(song);
    const quiet = audioProfile("quiet", { ...PROFILE, loudnessTargetLufs: -23 });
    expect(await bench.cache.peek(song, quiet)).toBeUndefined();
    const audio = await bench.cache.acquire(song, { profile: quiet, guildId: "g" }, NEVER);
    await audio.close();
    expect(audio.entry.loudness.integratedLufs).toBeCloseTo(-23, 0);
    expect(await bench.names("audio")).toHaveLength(2);
  });
});

describe("many who ask at once", () => {
  it("cause one download, and everyone hears the whole song", async () => {
    const bench = await setUp();
    const audios = await Promise.all(
      Array.from({ length: 50 }, (_, guild) => bench.play(song, { guildId: String(guild) })),
    );
    expect(bench.source.downloads).toEqual([song.id]);
    expect(audios.map(({ outcome }) => outcome).toSorted()).toEqual([
      "miss",
      ...Array.from({ length: 49 }, () => "shared"),
    ]);
    expect(bench.log.named("cache.shared")).toHaveLength(49);
    expect(new Set(audios.map(({ entry }) => entry.sha256)).size).toBe(1);
    expect(bench.locks.size).toBe(0);
    await vi.waitFor(async () =>
      expect(await bench.cache.peek(song, PROFILE)).toMatchObject({ playCount: 50 }),
    );
    expect(await bench.plays.countSince(0)).toEqual({ hits: 0, misses: 1, shared: 49 });
  });

  it("for different songs do not wait for each other", async () => {
    const bench = await setUp();
    const gate = new Gate();
    bench.source.script(song.id, { waitAt: { share: 0.2, gate } });
    const slow = bench.play(song);
    await gate.reached;
    expect((await bench.play(youtubeTrack(youtubeId(1)))).outcome).toBe("miss");
    gate.open();
    await slow;
  });

  it("download nothing when the song came while they were on their way to the lock", async () => {
    const late = new Gate();
    const firstLook = { held: false };
    /** The first look-up of the slow guild says "not there", and stands still until the song is. */
    class SlowIndex extends CacheIndex {
      override async find(...args: Parameters<CacheIndex["find"]>): ReturnType<CacheIndex["find"]> {
        const found = await super.find(...args);
        if (firstLook.held) {
          firstLook.held = false;
          await late.pass();
        }
        return found;
      }
    }
    const bench = await setUp({ index: (db) => new SlowIndex(db) });
    firstLook.held = true;
    const slow = bench.play(song, { guildId: "slow" });
    await late.reached;
    await bench.play(song, { guildId: "fast" });
    late.open();
    expect((await slow).outcome).toBe("hit");
    expect(bench.source.downloads).toEqual([song.id]);
    expect(bench.log.named("cache.miss")).toHaveLength(1);
    expect(bench.log.named("cache.hit")).toMatchObject([{ guildId: "slow" }]);
    // The second look-up found it, not the repair of files without a row.
    expect(bench.log.named("cache.repaired")).toEqual([]);
  });
});

describe("a reader", () => {
  it("reads on while the file is removed, and the next one fetches it again", async () => {
    const bench = await setUp();
    const audio = await bench.ask(song);
    expect(bench.inUse.has(audio.entry.blobRef)).toBe(true);
    const packets = await audio.open({ startMs: 0 }, NEVER);
    await packets.ready(NEVER);
    expect(packets.next()).toBeInstanceOf(Buffer);
    await bench.blobs.remove(audio.entry.blobRef);
    await bench.index.markEvicted(audio.entry.key, PROFILE.id);
    expect((await bench.play(song)).outcome).toBe("miss");
    const rest = await allOf(packets);
    expect(rest.length + 1).toBe(Math.ceil(audio.entry.durationMs / 20) + 1);
    await audio.close();
    expect(bench.inUse.has(audio.entry.blobRef)).toBe(false);
    expect(bench.source.downloads).toHaveLength(2);
  });

  it("begins where it likes, also in several places at once", async () => {
    const bench = await setUp();
    const audio = await bench.ask(song);
    const [whole, end, middle] = await Promise.all([
      heardOf(audio),
      heardOf(audio, 10_000),
      heardOf(audio, 500),
    ]);
    expect(middle).toEqual(whole.slice(25));
    expect(end).toEqual([]);
    await audio.close();
  });

  it("may close twice, and other readers stay", async () => {
    const bench = await setUp();
    const [first, second] = [await bench.ask(song), await bench.ask(song)];
    await first.close();
    await first.close();
    expect(bench.inUse.has(second.entry.blobRef)).toBe(true);
    expect(await heardOf(second)).not.toHaveLength(0);
    await second.close();
    expect(bench.inUse.has(second.entry.blobRef)).toBe(false);
  });

  it("that has gone already is not left holding the file", async () => {
    const bench = await setUp();
    await bench.play(song);
    const audio = await bench.ask(song, { signal: AbortSignal.abort() });
    await audio.close();
    const other = youtubeTrack(youtubeId(1));
    await expect(bench.ask(other, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "ABORTED",
    });
    expect(bench.inUse.has(`${PROFILE.id}/${other.id}.opus`)).toBe(false);
  });
});

describe("closing", () => {
  it("ends what runs, leaves nothing behind, and starts nothing more; what is cached stays playable", async () => {
    const bench = await setUp();
    await bench.play(song);
    const gate = new Gate();
    const other = youtubeTrack(youtubeId(1));
    bench.source.script(other.id, { waitAt: { share: 0.9, gate } });
    const waiting = bench.ask(other);
    await gate.reached;
    const closing = [bench.cache.close(), bench.cache.close()];
    await expect(waiting).rejects.toMatchObject({ code: "ABORTED" });
    await Promise.all(closing);
    expect(await bench.names("work")).toEqual([]);
    await expect(bench.ask(other)).rejects.toMatchObject({ code: "ABORTED" });
    expect(bench.source.downloads).toEqual([song.id, other.id]);
    expect((await bench.play(song)).outcome).toBe("hit");
    await bench.cache.close();
  });
});

it("refuses a recording whose name could leave the folder", async () => {
  const bench = await setUp();
  const evil = youtubeTrack("../../../et");
  await expect(bench.ask(evil)).rejects.toMatchObject({ code: "UNSAFE_ID" });
  await expect(bench.cache.peek(evil, PROFILE)).rejects.toMatchObject({ code: "UNSAFE_ID" });
});

it("tells after each published file, and only then", async () => {
  const published = vi.fn<() => void>();
  const bench = await setUp({ onPublished: published });
  await bench.play(song);
  await bench.play(song);
  expect(published).toHaveBeenCalledTimes(1);
  await rm(bench.file(song));
  await bench.play(song);
  expect(published).toHaveBeenCalledTimes(2);
});
