/** From `/seek` to the first packet of the new place: from a silent stretch of a song into its music. */
import { setTimeout as delay } from "node:timers/promises";
import { CONTENDERS, type Contender, ENCORE, LIBRARY } from "../kit/contenders.ts";
import type { Benchmark, Cell, Result, Settings } from "../kit/result.ts";
import { type BenchSong, longSong, shortSong } from "../kit/songs.ts";
import { median, quantile } from "../kit/statistics.ts";
import { openVenue, type Playable, store, timeToSound, type Venue } from "../kit/venue.ts";

/** Opus needs three bytes for silence. */
const SOUND_BYTES = 60;
const SETTLE_MS = 900;
const WITHIN_MS = 10_000;

export const seek: Benchmark = {
  name: "seek",
  question: "How long from `/seek` to the first packet of the new place?",
  run: async (settings) => {
    const venues: Venue[] = [];
    try {
      for (const contender of CONTENDERS) if (contender !== LIBRARY) venues.push(await openVenue(contender));
      return await measure(venues, settings);
    } finally {
      for (const venue of venues) await venue.close();
    }
  },
};

interface Sample {
  readonly contender: Contender;
  readonly song: string;
  /** Milliseconds; NaN = nothing was heard. */
  readonly ms: number;
}

async function measure(venues: readonly Venue[], settings: Settings): Promise<Result> {
  const samples: Sample[] = [];
  const songs = settings.isQuick ? [await shortSong()] : [await shortSong(), await longSong()];
  const runs = settings.runs ?? (settings.isQuick ? 2 : 4);
  const encore = venues.find(({ contender }) => contender === ENCORE)!;
  const able = venues.filter(canSeek);
  for (const song of songs) {
    settings.say(`filling the cache with the ${song.name} song`);
    const what = { forEncore: await store(encore, song), forPeers: song.keptPath };
    for (let run = 1; run <= runs; run++) {
      for (const venue of able) {
        settings.say(`${venue.contender.label}, ${song.name} song, ${run} of ${runs}`);
        const ms = await oneSeek(venue, song, what);
        samples.push({ contender: venue.contender, song: song.name, ms });
      }
    }
  }
  return report(samples, songs);
}

function canSeek({ discord }: Venue): boolean {
  return discord.registeredCommands().some(({ name }) => name === "seek");
}

async function oneSeek(venue: Venue, song: BenchSong, what: Playable): Promise<number> {
  const hall = venue.halls[0]!;
  await timeToSound(venue, hall, () => venue.play(hall, what));
  await delay(SETTLE_MS);
  venue.seek(hall, song.silence.fromMs + 15_000);
  await delay(SETTLE_MS);
  const before = hall.guild.heard.packets.length;
  const startedAtMs = performance.now();
  venue.seek(hall, song.durationMs * 0.75);
  const isThere = (): number | undefined =>
    hall.guild.heard.packets.slice(before).find(({ opus }) => opus.length > SOUND_BYTES)?.arrivedAtMs;
  const heardAtMs = await venue.discord
    .until(isThere, { what: "the new place is heard", timeoutMs: WITHIN_MS })
    .catch(() => Number.NaN);
  await venue.stop(hall);
  return heardAtMs - startedAtMs;
}

function report(samples: readonly Sample[], songs: readonly BenchSong[]): Result {
  const rows = CONTENDERS.map((contender): Cell[] => [
    contender.label,
    ...songs.flatMap(({ name }): Cell[] => {
      const of = samples.filter((sample) => sample.contender === contender && sample.song === name);
      const times = of.map(({ ms }) => ms).filter((ms) => !Number.isNaN(ms));
      return times.length === 0 ? ["–", "–"] : [median(times), quantile(times, 90)];
    }),
  ]);
  const columns = songs.flatMap(({ name }) => [`${name}, median`, "p90"]);
  return {
    tables: [{ title: "Milliseconds from `/seek`", columns: ["", ...columns], rows }],
    checks: [],
    notes: [
      "From a silent stretch to three quarters of the song; the first packet that is more than coded silence counts.",
      "– = it cannot: the library's pass-through player has no seek.",
    ],
    raw: samples.map(({ contender, ...sample }) => ({ who: contender.name, ...sample })),
  };
}
