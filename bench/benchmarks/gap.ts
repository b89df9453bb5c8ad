/** Silence between two cached songs of a queue. */
import { setTimeout as delay } from "node:timers/promises";
import { CONTENDERS, type Contender, ENCORE, LIBRARY } from "../kit/contenders.ts";
import { atMost, type Benchmark, type Result, type Settings } from "../kit/result.ts";
import { jingle, type SteadySong } from "../kit/songs.ts";
import { quantile } from "../kit/statistics.ts";
import { type Hall, openVenue, type Playable, silence, store, type Venue } from "../kit/venue.ts";

const SONGS = 6;
const PACKET_MS = 20;
/** Where one song ends is known to a few packets: those who encode anew make a few more or less. */
const WINDOW_PACKETS = 15;

export const gap: Benchmark = {
  name: "gap",
  question: "How long is the silence between two cached songs?",
  run: async (settings) => {
    const venues: Venue[] = [];
    try {
      const contenders = settings.isQuick ? [ENCORE, LIBRARY] : CONTENDERS;
      for (const contender of contenders) venues.push(await openVenue(contender, settings.isQuick ? 3 : 10));
      return await measure(venues, settings);
    } finally {
      for (const venue of venues) await venue.close();
    }
  },
};

/** Longest intervals between packets in milliseconds: 20 is none. */
interface Intervals {
  readonly atEnds: number[];
  /** In as long a stretch in the middle of a song: what the machine does. */
  readonly within: number[];
}

async function measure(venues: readonly Venue[], settings: Settings): Promise<Result> {
  const songs: SteadySong[] = [];
  for (let seed = 1; seed <= SONGS; seed++) songs.push(await jingle(seed));
  const encore = venues.find(({ contender }) => contender === ENCORE)!;
  settings.say("filling the cache");
  const what: Playable[] = [];
  for (const song of songs) what.push({ forEncore: await store(encore, song), forPeers: song.keptPath });
  const found = new Map<Contender, Intervals>(
    venues.map(({ contender }) => [contender, { atEnds: [], within: [] }]),
  );
  const runs = settings.runs ?? (settings.isQuick ? 1 : 2);
  for (let run = 1; run <= runs; run++) {
    for (const venue of venues) {
      settings.say(`${venue.contender.label}, ${run} of ${runs}`);
      await playThrough(venue, what);
      for (const hall of venue.halls) collect(hall, songs[0]!, found.get(venue.contender)!);
    }
  }
  return report(found);
}

async function playThrough(venue: Venue, what: readonly Playable[]): Promise<void> {
  await Promise.all(
    venue.halls.map(async (hall) => {
      await silence(hall);
      await venue.queue(hall, what);
    }),
  );
  const expected = (SONGS - 0.5) * 100;
  const arePlayed = (): boolean => venue.halls.every(({ guild }) => guild.heard.sounding.length > expected);
  await venue.discord
    .until(arePlayed, { what: `${venue.contender.label} plays its queue`, timeoutMs: SONGS * 6_000 })
    .catch(() => undefined);
  await delay(1_500);
}

function collect({ guild }: Hall, { durationMs }: SteadySong, into: Intervals): void {
  const { sounding } = guild.heard;
  const intervals = sounding
    .slice(1)
    .map(({ arrivedAtMs }, index) => arrivedAtMs - sounding[index]!.arrivedAtMs);
  const perSong = durationMs / PACKET_MS;
  const longestAround = (index: number): number =>
    Math.max(...intervals.slice(index - WINDOW_PACKETS, index + WINDOW_PACKETS));
  for (let song = 1; song < SONGS && song * perSong + WINDOW_PACKETS < intervals.length; song++) {
    into.atEnds.push(longestAround(song * perSong));
    into.within.push(longestAround((song - 0.5) * perSong));
  }
}

function report(found: ReadonlyMap<Contender, Intervals>): Result {
  const rows = [...found].map(([contender, { atEnds, within }]) => {
    const columns = [quantile(atEnds, 50), quantile(atEnds, 99), quantile(within, 50), quantile(within, 99)];
    return [contender.label, ...columns, atEnds.length];
  });
  const ours = found.get(ENCORE)!;
  return {
    tables: [
      {
        title: "Longest interval between two packets of sound, milliseconds",
        columns: ["", "between songs p50", "p99", "within a song p50", "p99", "gaps"],
        rows,
      },
    ],
    checks: [atMost("between two cached songs, p99", quantile(ours.atEnds, 99), 40, "ms")],
    notes: [
      "20 ms is no gap at all. The interval within a song, over as many packets, is what the machine alone does to it.",
      "Several guilds (ten, unless --quick) play their queues at the same time and change songs at nearly the same moment.",
    ],
    raw: Object.fromEntries([...found].map(([{ name }, intervals]) => [name, intervals])),
  };
}
