/** From `/play` to the first packet that a listener hears: hits and misses, in the channel and joining it. */
import type { Song } from "../../test/sandbox/media/catalogue.ts";
import { CONTENDERS, type Contender, DISTUBE, ENCORE, GUIDE, LIBRARY } from "../kit/contenders.ts";
import {
  atMost,
  type Benchmark,
  type Check,
  type Result,
  round,
  type Settings,
  type Table,
} from "../kit/result.ts";
import { type BenchSong, longSong, shortSong } from "../kit/songs.ts";
import { median, quantile } from "../kit/statistics.ts";
import { openVenue, type Playable, store, timeToSound, upload, type Venue } from "../kit/venue.ts";
import { downloadThenPlay } from "./download-then-play.ts";

export const firstSound: Benchmark = {
  name: "first-sound",
  question: "How long from `/play` to the first packet a listener hears?",
  run: async (settings) => {
    const venues: Venue[] = [];
    try {
      for (const contender of CONTENDERS) venues.push(await openVenue(contender));
      return await measure(venues, settings);
    } finally {
      for (const venue of venues) await venue.close();
    }
  },
};

interface Sample {
  readonly contender: Contender;
  readonly situation: string;
  /** Milliseconds; NaN = no sound. */
  readonly ms: number;
  /** From the first byte of audio that the source sent. Misses only. */
  readonly afterFirstByteMs?: number;
}

interface Lab {
  readonly venues: readonly Venue[];
  readonly encore: Venue;
  readonly samples: Sample[];
  readonly settings: Settings;
}

async function measure(venues: readonly Venue[], settings: Settings): Promise<Result> {
  const encore = venues.find(({ contender }) => contender === ENCORE)!;
  const lab: Lab = { venues, encore, samples: [], settings };
  const songs = settings.isQuick ? [await shortSong()] : [await shortSong(), await longSong()];
  for (const song of songs) await hits(lab, song);
  await misses(lab, songs);
  return report(lab, songs);
}

async function hits(lab: Lab, song: BenchSong): Promise<void> {
  lab.settings.say(`filling the cache with the ${song.name} song`);
  const playable: Playable = { forEncore: await store(lab.encore, song), forPeers: song.keptPath };
  const runs = lab.settings.runs ?? runsFor(lab.settings, song);
  for (const joining of [false, true]) {
    const situation = `hit, ${joining ? "joining" : "joined"}, ${song.name}`;
    for (let run = 0; run <= runs; run++) {
      lab.settings.say(`${situation}: ${run} of ${runs}`);
      const once = await eachOnce(lab, situation, (venue) => oneHit(venue, playable, joining));
      // The first round warms up and joins.
      if (run > 0) lab.samples.push(...once);
    }
  }
}

function runsFor({ isQuick }: Settings, { name }: BenchSong): number {
  if (isQuick) return 2;
  return name === "short" ? 6 : 3;
}

/** Every bot once, then every bot again: what disturbs the machine disturbs them all. */
async function eachOnce(
  { venues }: Lab,
  situation: string,
  measureOne: (venue: Venue) => Promise<number>,
): Promise<Sample[]> {
  const samples: Sample[] = [];
  for (const venue of venues) {
    samples.push({ contender: venue.contender, situation, ms: await measureOne(venue) });
  }
  return samples;
}

async function oneHit(venue: Venue, playable: Playable, joining: boolean): Promise<number> {
  const [hall] = venue.halls;
  if (joining && hall!.guild.botVoiceChannel) await venue.leave(hall!);
  const ms = await timeToSound(venue, hall!, () => venue.play(hall!, playable));
  await venue.stop(hall!);
  return ms;
}

const MEGABYTE = 1_000_000;
const MISS_CONTENDERS = [ENCORE, GUIDE, DISTUBE];

/** Few: each needs a song that nobody has. */
async function misses(lab: Lab, songs: readonly BenchSong[]): Promise<void> {
  for (const song of songs) {
    for (const megabytes of lab.settings.isQuick ? [2] : [2, 10]) await missesOf(lab, { song, megabytes });
  }
}

async function missesOf(lab: Lab, miss: Miss): Promise<void> {
  const { settings, samples } = lab;
  const situation = `miss, ${miss.song.name}, ${miss.megabytes} MB/s`;
  const runs = settings.isQuick ? 1 : Math.min(3, settings.runs ?? 2);
  for (let run = 1; run <= runs; run++) {
    settings.say(`${situation}: ${run} of ${runs}`);
    for (const venue of lab.venues.filter(({ contender }) => MISS_CONTENDERS.includes(contender))) {
      samples.push({ contender: venue.contender, situation, ...(await oneMiss(lab, venue, miss)) });
    }
  }
  // An hour takes more than a minute: once is enough.
  if (miss.song.name === "long" && miss.megabytes > 2) return;
  settings.say(`${situation}: download, normalize, play`);
  samples.push({ contender: DOWNLOAD, situation, ms: await oneDownload(lab, miss) });
}

const DOWNLOAD: Contender = {
  name: "download",
  engine: "",
  label: "download, normalize, then play",
  usesFfmpeg: true,
};

interface Miss {
  readonly song: BenchSong;
  readonly megabytes: number;
}

async function oneMiss(lab: Lab, venue: Venue, miss: Miss): Promise<Pick<Sample, "ms" | "afterFirstByteMs">> {
  const uploaded = await throttled(lab, miss);
  const { media } = lab.encore.encore!.stage;
  const [hall] = venue.halls;
  let firstByteAtMs: number | undefined;
  const look = setInterval(() => {
    if (media.counters(uploaded.id).bytesSent > 0) firstByteAtMs ??= performance.now();
  }, 1);
  try {
    const playable = { forEncore: uploaded.url, forPeers: uploaded.directUrl };
    const ms = await timeToSound(venue, hall!, () => venue.play(hall!, playable));
    const heardAtMs = hall!.guild.heard.firstPacketAtMs!;
    await venue.stop(hall!);
    return { ms, afterFirstByteMs: heardAtMs - (firstByteAtMs ?? Number.NaN) };
  } finally {
    clearInterval(look);
  }
}

async function oneDownload(lab: Lab, miss: Miss): Promise<number> {
  const { directUrl } = await throttled(lab, miss);
  const venue = lab.venues.find(({ contender }) => contender === LIBRARY)!;
  return await downloadThenPlay(venue, directUrl, miss.song.durationMs);
}

async function throttled({ encore }: Lab, { song, megabytes }: Miss): Promise<Song> {
  const { stage } = encore.encore!;
  const uploaded = await upload(stage, song);
  stage.media.setFaults(uploaded.id, { throttleBytesPerSecond: megabytes * MEGABYTE });
  return uploaded;
}

function report({ samples }: Lab, songs: readonly BenchSong[]): Result {
  const situations = [...new Set(samples.map(({ situation }) => situation))];
  const hit = situations.filter((situation) => situation.startsWith("hit"));
  const miss = situations.filter((situation) => situation.startsWith("miss"));
  return {
    tables: [
      timesTable("A hit: milliseconds from `/play`, median (90th percentile)", hit, samples),
      timesTable("A miss: milliseconds from `/play`, median (90th percentile)", miss, samples),
      afterFirstByte(miss, samples),
    ],
    checks: checks(samples, situations),
    notes: [
      `Songs: ${songs.map(({ name, durationMs }) => `${name} = ${durationMs / 60_000} min`).join(", ")}.`,
      "The clock starts when the person sends the command and stops when the local voice server has the first packet that is not Discord's silence frame.",
      "On a miss the peers are given the address of the audio itself, Encore that of the page: it runs the extractor (a stand-in for yt-dlp without its start-up time) first.",
    ],
    plots: [
      {
        kind: "bars",
        title: "First sound of a cached song, joined",
        unit: "ms",
        bars: CONTENDERS.map((contender) => ({
          label: contender.label,
          value: middle(samples, contender, hit[0] ?? ""),
          whose: contender === ENCORE ? ("ours" as const) : ("others" as const),
        })),
      },
    ],
    raw: samples.map(({ contender, ...sample }) => ({ who: contender.name, ...sample })),
  };
}

function of(samples: readonly Sample[], contender: Contender, situation: string): Sample[] {
  return samples.filter((sample) => sample.contender === contender && sample.situation === situation);
}

function middle(samples: readonly Sample[], contender: Contender, situation: string): number {
  return median(of(samples, contender, situation).map(({ ms }) => ms));
}

function timesTable(title: string, situations: readonly string[], samples: readonly Sample[]): Table {
  const names = situations.map((situation) => situation.replace(/^\w+, /u, ""));
  const rows = [...CONTENDERS, DOWNLOAD].map((contender) => [
    contender.label,
    ...situations.map((situation) => spread(of(samples, contender, situation).map(({ ms }) => ms))),
  ]);
  return {
    title,
    columns: ["", ...names],
    rows: rows.filter((row) => row.slice(1).some((cell) => cell !== "–")),
  };
}

function afterFirstByte(situations: readonly string[], samples: readonly Sample[]): Table {
  const rows = situations.map((situation) => [
    situation.replace(/^\w+, /u, ""),
    spread(of(samples, ENCORE, situation).flatMap(({ afterFirstByteMs }) => afterFirstByteMs ?? [])),
  ]);
  return {
    title: "Encore on a miss: milliseconds from the source's first byte",
    columns: ["", "Encore"],
    rows,
  };
}

function spread(values: readonly number[]): string {
  return values.length === 0 ? "–" : `${round(median(values))} (${round(quantile(values, 90))})`;
}

function checks(samples: readonly Sample[], situations: readonly string[]): Check[] {
  const joined = "hit, joined, short";
  const ours = middle(samples, ENCORE, joined);
  const ffmpegBest = Math.min(
    ...CONTENDERS.filter(({ usesFfmpeg }) => usesFfmpeg).map((contender) =>
      middle(samples, contender, joined),
    ),
  );
  const found = [
    atMost("first sound on a hit (joined)", ours, 25, "ms"),
    atMost("… against the library's own pass-through player", ours / middle(samples, LIBRARY, joined), 0.65),
    atMost("… against the best ffmpeg-based peer", ours / ffmpegBest, 0.333),
  ];
  const long = "miss, long, 2 MB/s";
  if (!situations.includes(long)) return found;
  const afterByte = of(samples, ENCORE, long).flatMap(({ afterFirstByteMs }) => afterFirstByteMs ?? []);
  return [
    ...found,
    atMost(
      "first sound on a miss of an hour at 2 MB/s, from the source's first byte",
      median(afterByte),
      1_000,
      "ms",
    ),
    atMost(
      "… against download, normalize, play",
      middle(samples, ENCORE, long) / middle(samples, DOWNLOAD, long),
      0.05,
    ),
  ];
}
