/** Encore's reading alone: packets of kept songs, positions in an hour, and what another volume costs. */
import { type FileHandle, open } from "node:fs/promises";
import { createOpusOpener } from "../../src/audio/volume.ts";
import type { OpusPackets, Playback } from "../../src/core/opus-packets.ts";
import { createProcessRunner } from "../../src/process/child-runner.ts";
import { familyUse } from "../kit/process-time.ts";
import { atMost, type Benchmark, type Result, round, type Settings, type Table } from "../kit/result.ts";
import { FFMPEG, longSong, steadySong } from "../kit/songs.ts";
import { median, quantile } from "../kit/statistics.ts";

const MINUTE_PACKETS = 3_000;
const MIB = 2 ** 20;
const never = new AbortController().signal;
const openOpusFile = createOpusOpener({ runner: createProcessRunner(), ffmpegPath: FFMPEG });

export const reading: Benchmark = {
  name: "reading",
  question: "What do reading a cached song, going to a position in it and another volume cost by themselves?",
  run: async (settings) => {
    const [hour, song] = [await longSong(), await steadySong()];
    const [long, short] = [await open(hour.keptPath), await open(song.keptPath)];
    try {
      const read = await readAll(long, settings);
      const seeks = await seekAround(long, hour.durationMs, settings);
      const volumes = [];
      for (const volumePercent of [50, 150]) volumes.push(await playAt(short, volumePercent, settings));
      return report(read, seeks, volumes);
    } finally {
      await Promise.all([long.close(), short.close()]);
    }
  },
};

async function ready(file: FileHandle, playback: Playback): Promise<OpusPackets> {
  const packets = await openOpusFile({ file }, playback, never);
  await packets.ready(never);
  return packets;
}

/** Takes so many packets, or all there are. */
async function take(packets: OpusPackets, most: number): Promise<number> {
  let taken = 0;
  while (taken < most) {
    const next = packets.next();
    if (next === "end") return taken;
    if (next === "later") await packets.ready(never);
    else taken += 1;
  }
  return taken;
}

interface Reading {
  readonly cpuSecondsPerMinute: number;
  readonly kibPerStream: number;
}

async function readAll(file: FileHandle, { isQuick, runs, say }: Settings): Promise<Reading> {
  const cpu: number[] = [];
  for (let run = 1; run <= (runs ?? 5); run += 1) {
    say(`reading an hour, ${run}`);
    const packets = await ready(file, { startMs: 0 });
    const before = process.cpuUsage();
    const taken = await take(packets, isQuick ? MINUTE_PACKETS : Number.POSITIVE_INFINITY);
    const { user, system } = process.cpuUsage(before);
    cpu.push((user + system) / 1e6 / (taken / MINUTE_PACKETS));
    await packets.close();
  }
  const before = process.memoryUsage().rss;
  const streams: OpusPackets[] = [];
  for (let stream = 0; stream < 500; stream += 1)
    streams.push(await ready(file, { startMs: stream * 7_000 }));
  const kibPerStream = (process.memoryUsage().rss - before) / 1024 / streams.length;
  await Promise.all(streams.map((packets) => packets.close()));
  return { cpuSecondsPerMinute: median(cpu), kibPerStream };
}

async function seekAround(
  file: FileHandle,
  durationMs: number,
  { isQuick, say }: Settings,
): Promise<number[]> {
  say("going to positions in an hour");
  const elapsedMs: number[] = [];
  for (let seek = 0; seek < (isQuick ? 100 : 1_000); seek += 1) {
    const startMs = (seek * 7_919_000) % durationMs;
    const startedAtMs = performance.now();
    const packets = await ready(file, { startMs });
    packets.next();
    elapsedMs.push(performance.now() - startedAtMs);
    await packets.close();
  }
  return elapsedMs;
}

interface Volume {
  readonly percent: number;
  readonly readyMs: number;
  readonly cpuSeconds: number;
  readonly childMib: number;
}

async function playAt(file: FileHandle, percent: number, { say }: Settings): Promise<Volume> {
  say(`a minute at ${percent} %`);
  const before = await familyUse(process.pid);
  const startedAtMs = performance.now();
  const packets = await ready(file, { startMs: 0, volumePercent: percent });
  const readyMs = performance.now() - startedAtMs;
  await take(packets, MINUTE_PACKETS);
  const after = await familyUse(process.pid);
  await packets.close();
  const cpuSeconds = (after.childrenCpuMs - before.childrenCpuMs) / 1_000;
  return { percent, readyMs, cpuSeconds, childMib: after.childrenRssBytes / MIB };
}

function report(read: Reading, seeks: readonly number[], volumes: readonly Volume[]): Result {
  const tables: Table[] = [
    {
      title: "A stream from a kept file",
      columns: ["CPU s a minute", "KiB"],
      rows: [[read.cpuSecondsPerMinute, read.kibPerStream]],
    },
    {
      title: "To a position in an hour, first packet in hand: ms",
      columns: ["p50", "p90", "p99", "max"],
      rows: [[median(seeks), quantile(seeks, 90), quantile(seeks, 99), Math.max(...seeks)]],
    },
    {
      title: "A stream at another volume",
      columns: ["volume", "first second ready after ms", "CPU s a minute", "child MiB"],
      rows: volumes.map((one) => [`${one.percent} %`, one.readyMs, one.cpuSeconds, round(one.childMib)]),
    },
  ];
  return {
    tables,
    checks: [atMost("to a position in an hour, median", median(seeks), 5, "ms")],
    notes: [
      "Memory is resident memory of 500 streams that are open at the same time, divided by their number.",
    ],
    raw: { read, seeks, volumes },
  };
}
