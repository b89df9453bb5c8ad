import { randomBytes } from "node:crypto";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { UNMEASURED } from "../../src/core/audio-profile.ts";
import { AppError } from "../../src/core/errors.ts";
import { cacheKey } from "../../src/core/track.ts";
import { demoteStaleRows } from "../../src/maintenance/demote.ts";
import { rebuild, type RebuildDeps, type RebuildReport } from "../../src/maintenance/rebuild.ts";
import { verify } from "../../src/maintenance/verify.ts";
import { NEVER } from "../audio/media.ts";
import { PROFILE } from "../db/database.ts";
import { RecordingLogger } from "../fakes/logger.ts";
import { type CacheLab, keyOf, openLab, realPackets, refOf, songId } from "./cache-lab.ts";

let packets: Buffer[];
let lab: CacheLab;
let log: RecordingLogger;
let deps: RebuildDeps;

beforeAll(async () => {
  packets = await realPackets();
});
beforeEach(async () => {
  lab = await openLab(packets);
  log = new RecordingLogger();
  const { folders, ...parts } = lab.deps;
  deps = { ...parts, log, profiles: new Set([PROFILE.id]), audioDirectory: folders.audio };
});

const numbers = (count: number): number[] => Array.from({ length: count }, (_, number) => number);

/** A row, without what no file can tell. */
async function row(number: number): Promise<object> {
  const { playCount: _plays, evictKey: _rank, ...entry } = (await lab.entry(number))!;
  return entry;
}

const noFfmpeg = (): RebuildDeps => ({
  ...deps,
  transcoder: { ...deps.transcoder, measure: () => Promise.reject(new AppError("FFMPEG_MISSING")) },
});

describe("after the database was lost", () => {
  it("every file gets its row and its track back, and a second pass changes nothing", async () => {
    for (const number of numbers(40)) await lab.file(number);
    expect(await rebuild(deps, NEVER)).toEqual({
      files: 40,
      adopted: 40,
      setAside: 0,
      failed: 0,
      measured: 40,
    });
    for (const number of numbers(40)) {
      const found = await lab.entry(number);
      expect(found).toMatchObject({ state: "ready", blobRef: refOf(number), sourceLoudness: null });
      expect(found?.loudness.integratedLufs).toBeCloseTo(-14, 0);
      expect(await lab.rows.track(keyOf(number))).toMatchObject({
        source: "youtube",
        id: songId(number),
        title: `Song ${number}`,
        artist: "Somebody",
        url: `https://www.youtube.com/watch?v=${songId(number)}`,
        durationMs: found?.durationMs,
      });
    }
    const { reports } = await lab.run((task) =>
      verify(lab.deps, task, { share: 1, seed: "s", withLoudness: false, repair: false }),
    );
    expect(reports.filter(({ action }) => action !== "sound")).toEqual([]);
    const before = await lab.state();
    expect(await rebuild(deps, NEVER)).toMatchObject({ files: 40, adopted: 0, measured: 0 });
    expect(await lab.state()).toEqual(before);
  });

  it("plays, pins and titles of a backup stay when only the file is new", async () => {
    await lab.songs(1);
    await lab.index.recordPlay((await lab.entry(1))!, 5_000, 7);
    await lab.rows.pin(keyOf(1), true);
    const known = {
      ...(await knownTrack(1)),
      title: "Better title",
      thumbnailUrl: "https://i.example/1.jpg",
    };
    await lab.rows.learnTrack(keyOf(1), known, 1);
    await lab.index.markEvicted(keyOf(1), PROFILE.id);
    await lab.file(1, lab.bytesOf(1, { COMMENT: "filled again" }));
    expect(await rebuild(deps, NEVER)).toMatchObject({ adopted: 1 });
    expect(await lab.entry(1)).toMatchObject({ playCount: 1, lastPlayedAtMs: 5_000, pinned: true });
    expect(await lab.rows.track(keyOf(1))).toEqual(known);
  });

  it("the same bytes keep what was measured on them", async () => {
    await lab.songs(1);
    const before = await row(1);
    await lab.index.markEvicted(keyOf(1), PROFILE.id);
    expect(await rebuild(deps, NEVER)).toMatchObject({ adopted: 1, measured: 0 });
    expect(await row(1)).toEqual({ ...before, createdAtMs: expect.any(Number) });
  });

  it("without ffmpeg the rows come back all the same, and the loudness follows when it is there", async () => {
    for (const number of numbers(3)) await lab.file(number);
    expect(await rebuild(noFfmpeg(), NEVER)).toMatchObject({ adopted: 3, measured: 0, failed: 0 });
    expect((await lab.entry(2))?.loudness).toEqual(UNMEASURED);
    const { steps } = await lab.run((task) =>
      verify(lab.deps, task, { share: 1, seed: "s", withLoudness: true, repair: true }),
    );
    expect(steps).toEqual([]);
    expect(await rebuild(deps, NEVER)).toMatchObject({ adopted: 0, measured: 3 });
    expect((await lab.entry(2))?.loudness.integratedLufs).toBeCloseTo(-14, 0);
  });

  it("a pass that breaks off keeps what it did, and the next does the rest", async () => {
    for (const number of numbers(12)) await lab.file(number);
    const stop = new AbortController();
    const onProgress = ({ adopted }: RebuildReport): void => {
      if (adopted === 5) stop.abort();
    };
    await expect(rebuild({ ...deps, onProgress }, stop.signal)).rejects.toMatchObject({ code: "ABORTED" });
    const done = (await lab.index.totals()).files;
    expect([done >= 5, done < 12]).toEqual([true, true]);
    expect(await rebuild(deps, NEVER)).toMatchObject({ adopted: 12 - done, measured: 12 });
  });

  it("files that are no whole songs are set aside, others' and other songs' files stay", async () => {
    await lab.file(1, lab.bytesOf(1).subarray(0, 4_000));
    await lab.file(2, randomBytes(5_000));
    await lab.file(3, lab.bytesOf(4));
    await lab.write(`audio/old-12345678/${songId(5)}.opus`, lab.bytesOf(5));
    await lab.write(`audio/${PROFILE.id}/readme.txt`, "mine");
    await lab.file(6, lab.bytesOf(6, { ENCORE_ID: "", TITLE: "" }));
    expect(await rebuild(deps, NEVER)).toMatchObject({ files: 4, adopted: 1, setAside: 2, failed: 1 });
    expect(await lab.names("quarantine")).toHaveLength(2);
    expect(await lab.names("audio", PROFILE.id)).toEqual(
      ["readme.txt", `${songId(3)}.opus`, `${songId(6)}.opus`].toSorted(),
    );
    expect(await lab.names("audio", "old-12345678")).toHaveLength(1);
    expect(await lab.rows.track(keyOf(6))).toBeUndefined();
  });

  it("a file that cannot be judged stays where it is and ends nothing", async () => {
    for (const number of numbers(4)) await lab.file(number);
    const { inspect } = deps.transcoder;
    const transcoder: RebuildDeps["transcoder"] = {
      ...deps.transcoder,
      inspect: (file, signal) =>
        file.includes(songId(2)) ? Promise.reject(new AppError("CACHE_UNWRITABLE")) : inspect(file, signal),
    };
    expect(await rebuild({ ...deps, transcoder }, NEVER)).toMatchObject({ adopted: 3, failed: 1 });
    expect(await lab.names("audio", PROFILE.id)).toHaveLength(4);
  });

  it("a removal that is under way, or broke off, is not undone", async () => {
    await lab.songs(1);
    await lab.index.markEvicting(keyOf(1), PROFILE.id);
    expect(await rebuild(deps, NEVER)).toMatchObject({ files: 1, adopted: 0 });
    expect(await lab.entry(1)).toMatchObject({ state: "evicting" });
  });

  it("a song that is filled or removed at that moment is waited for, and then looked at again", async () => {
    await lab.file(1);
    const key = cacheKey({ source: "youtube", id: songId(1) });
    const passing = await lab.guard.run(
      key,
      async (lease) => {
        const pass = rebuild(deps, NEVER);
        await lab.row(1);
        expect(lease.name).toContain(key);
        return { pass };
      },
      NEVER,
    );
    expect(await passing.pass).toMatchObject({ adopted: 0 });
  });
});

async function knownTrack(number: number): Promise<NonNullable<Awaited<ReturnType<typeof lab.rows.track>>>> {
  const url = `https://www.youtube.com/watch?v=${songId(number)}`;
  const facts = { title: "Title", artist: "Artist", url, durationMs: 1_000, isLive: false };
  return { source: "youtube", id: songId(number), ...facts, thumbnailUrl: null };
}

describe("an old database", () => {
  it("is believed about files that are as it says", async () => {
    await lab.songs(...numbers(5));
    const before = await lab.state();
    expect(await demoteStaleRows(lab.deps)).toBe(0);
    expect(await lab.state()).toEqual(before);
  });

  it("is not believed about files that are gone, of another size, or newer; their history stays", async () => {
    await lab.row(1);
    await lab.songs(2, 3, 4);
    await lab.file(2, lab.bytesOf(2, { COMMENT: "filled again, and larger" }));
    lab.clock.advance(-60_000);
    await lab.row(3);
    await lab.index.recordPlay((await lab.entry(3))!, 9, 9);
    expect(await demoteStaleRows(lab.deps)).toBe(3);
    expect(await Promise.all([1, 2, 3, 4].map(async (number) => (await lab.entry(number))?.state))).toEqual([
      "evicted",
      "evicted",
      "evicted",
      "ready",
    ]);
    expect(await lab.entry(3)).toMatchObject({ playCount: 1 });
    lab.clock.advance(120_000);
    expect(await rebuild(deps, NEVER)).toMatchObject({ adopted: 2, setAside: 0 });
    expect(await demoteStaleRows(lab.deps)).toBe(0);
  });
});
