/** Bringing songs to one loudness: what it costs, and how near it comes. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { corpus, type CorpusItem } from "../kit/corpus.ts";
import { type Leveller, LEVELLERS, type Loudness, measure } from "../kit/levellers.ts";
import { familyUse } from "../kit/process-time.ts";
import type { Benchmark, Result, Settings } from "../kit/result.ts";
import { normalizeReport } from "./normalize-report.ts";

const SONG_MS = 210_000;
/** Needs a gain alone; needs a little of the limiter; needs much of it. */
const SONGS = ["loud master", "plain music", "song 2"];

export const normalize: Benchmark = {
  name: "normalize",
  question: "What does it cost to bring a song to the target loudness, and how near does it come?",
  run: async (settings) => {
    const folder = await mkdtemp(path.join(tmpdir(), "encore-bench-"));
    try {
      return await compare(settings, path.join(folder, "result.ogg"));
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};

/** One file through one pipeline. */
export interface LevelSample {
  readonly leveller: string;
  readonly item: string;
  readonly durationMs: number;
  readonly elapsedMs: number;
  readonly cpuMs: number;
  readonly source: Loudness;
  readonly result: Loudness;
}

async function compare(settings: Settings, toPath: string): Promise<Result> {
  const all = await corpus(15_000);
  const items = settings.isQuick ? all.filter((_, index) => index % 4 === 0) : all;
  const wholeSongs = await corpus(SONG_MS, settings.isQuick ? SONGS.slice(0, 1) : SONGS);
  const levellers = settings.isQuick ? LEVELLERS.slice(0, 3) : LEVELLERS;
  const samples: LevelSample[] = [];
  const songs: LevelSample[] = [];
  const runs = settings.runs ?? (settings.isQuick ? 1 : 2);
  for (let run = 1; run <= runs; run++) {
    settings.say(`whole songs, ${run} of ${runs}`);
    for (const song of wholeSongs) songs.push(...(await levelAll(levellers, song, toPath)));
  }
  for (const item of items) {
    settings.say(item.name);
    samples.push(...(await levelAll(levellers, item, toPath)));
  }
  return normalizeReport({ labels: levellers.map(({ label }) => label), samples, songs });
}

/** One file through every pipeline. */
async function levelAll(
  levellers: readonly Leveller[],
  { name, path: fromPath, durationMs }: CorpusItem,
  toPath: string,
): Promise<LevelSample[]> {
  const source = await measure(fromPath);
  const samples: LevelSample[] = [];
  for (const leveller of levellers) {
    const before = await familyUse(process.pid);
    const startedAtMs = performance.now();
    await leveller.level(fromPath, toPath);
    const elapsedMs = performance.now() - startedAtMs;
    const cpuMs = (await familyUse(process.pid)).childrenCpuMs - before.childrenCpuMs;
    const result = await measure(toPath);
    samples.push({ leveller: leveller.label, item: name, durationMs, elapsedMs, cpuMs, source, result });
  }
  return samples;
}
