/** The database of a large cache: look-ups, plays and evictions. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import Database from "better-sqlite3";
import type { CacheEntry } from "../../src/core/audio-profile.ts";
import { cacheKey, type CacheKey } from "../../src/core/track.ts";
import { CacheIndex } from "../../src/db/cache-index.ts";
import { CacheRows } from "../../src/db/cache-rows.ts";
import { openDatabase } from "../../src/db/open.ts";
import { evictionKey } from "../../src/policy/eviction.ts";
import type { Benchmark, Cell, Result, Settings } from "../kit/result.ts";
import { PROFILE } from "../kit/songs.ts";
import { quantile } from "../kit/statistics.ts";

export const indexRows: Benchmark = {
  name: "index",
  question: "How long do look-ups, plays and evictions take in a large cache?",
  run: async (settings) => {
    const rows: Cell[][] = [];
    const raw: unknown[] = [];
    for (const entries of settings.isQuick ? [10_000, 100_000] : [10_000, 100_000, 1_000_000]) {
      settings.say(`${entries} entries`);
      const times = await measure(entries, settings);
      raw.push({ entries, ...times });
      rows.push([
        entries.toLocaleString("en"),
        ...Object.values(times).flatMap((ms) => [quantile(ms, 50), quantile(ms, 99)]),
      ]);
    }
    return report(rows, raw);
  },
};

/** Milliseconds of each operation. */
interface Times {
  readonly hit: number[];
  readonly miss: number[];
  readonly touch: number[];
  readonly evict: number[];
}

async function measure(entries: number, settings: Settings): Promise<Times> {
  const folder = await mkdtemp(path.join(tmpdir(), "encore-bench-"));
  const file = path.join(folder, "encore.sqlite");
  try {
    await (await openDatabase(file)).db.destroy();
    fill(file, entries);
    const { db } = await openDatabase(file);
    try {
      return await exercise(new CacheIndex(db), new CacheRows(db), { entries, runs: settings.runs ?? 300 });
    } finally {
      await db.destroy();
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

function idOf(number: number): string {
  return `b${String(number).padStart(10, "0")}`;
}

function keyOf(number: number): CacheKey {
  return cacheKey({ source: "youtube", id: idOf(number) });
}

/** Rows as fills would have left them: sizes and plays of all kinds, from a fixed sequence. */
function fill(file: string, entries: number): void {
  const database = new Database(file);
  const insert = database.prepare(
    `insert into cache_entries (key, profile_id, blob_ref, bytes, duration_ms, sha256, source_integrated_lufs,
     source_true_peak_dbtp, source_measured, integrated_lufs, true_peak_dbtp, created_at_ms, last_played_at_ms,
     play_count, pinned, state, evict_key)
     values (?, ?, ?, ?, 210000, ?, -9, 0, 1, -14, -1.5, ?, ?, ?, 0, 'ready', ?)`,
  );
  const sha256 = "0".repeat(64);
  database.transaction(() => {
    for (let number = 0; number < entries; number++) {
      const scattered = (number * 2_654_435_761) % 4_294_967_296;
      const bytes = 1_000_000 + (scattered % 7_000_000);
      const playCount = 1 + (scattered % 13);
      const rank = evictionKey({ clock: 0, playCount, bytes });
      const key = keyOf(number);
      insert.run(
        key,
        PROFILE.id,
        `${PROFILE.id}/${key}.opus`,
        bytes,
        sha256,
        number,
        scattered,
        playCount,
        rank,
      );
    }
  })();
  database.close();
}

async function exercise(
  index: CacheIndex,
  rows: CacheRows,
  { entries, runs }: { readonly entries: number; readonly runs: number },
): Promise<Times> {
  const times: Times = { hit: [], miss: [], touch: [], evict: [] };
  for (let run = 0; run < runs; run++) {
    const number = (run * 7_919_111) % entries;
    const entry = (await timed(times.hit, () => index.find(keyOf(number), PROFILE.id))) as CacheEntry;
    await timed(times.miss, () => index.find(keyOf(entries + number), PROFILE.id));
    const rank = evictionKey({ clock: 0, playCount: entry.playCount + 1, bytes: entry.bytes });
    await timed(times.touch, () => index.recordPlay(entry, 2_000_000_000_000, rank));
  }
  for (let run = 0; run < runs; run++) await timed(times.evict, () => evictOne(index, rows));
  return times;
}

async function timed<T>(into: number[], work: () => Promise<T>): Promise<T> {
  const startedAtMs = performance.now();
  const result = await work();
  into.push(performance.now() - startedAtMs);
  return result;
}

/** Finds who goes first, and takes it out as a removal does, without the file. */
async function evictOne(index: CacheIndex, rows: CacheRows): Promise<void> {
  for await (const { key, profileId } of rows.byRank("evict key", 1)) {
    await index.markEvicting(key, profileId);
    await index.markEvicted(key, profileId);
    return;
  }
}

function report(rows: Cell[][], raw: unknown): Result {
  const operations = ["look-up, hit", "look-up, miss", "play counted", "first victim found and evicted"];
  return {
    tables: [
      {
        title: "Milliseconds",
        columns: ["entries", ...operations.flatMap((name) => [`${name} p50`, "p99"])],
        rows,
      },
    ],
    checks: [],
    notes: ["Through the repositories that the bot uses, on a file; each write is a transaction of its own."],
    raw,
  };
}
