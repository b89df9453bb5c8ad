/** What goes on when a queue has ended; works without network as long as something is cached. */
import type { GuildProfiles } from "../core/audio-profiles.ts";
import { type GuildOptionBook, longestSongMs } from "../core/guild-options.ts";
import type { Catalogue, KnownSong } from "../core/catalogue.ts";
import type { Clock } from "../core/clock.ts";
import { type CacheKey, cacheKey, isNamedOnly, type Track } from "../core/track.ts";
import type { FailureMemory } from "../db/failure-memory.ts";
import type { PlayHistory } from "../db/play-history.ts";
import type { GuildSession } from "../player/guild-session.ts";
import { type Candidate, pickNext, scoreTogether, songsToRest, TOGETHER_MS } from "../policy/autoplay.ts";

export interface SuggestNextDeps {
  readonly history: PlayHistory;
  readonly catalogue: Catalogue;
  readonly profiles: Pick<GuildProfiles, "soundOf">;
  readonly failures: Pick<FailureMemory, "find">;
  readonly options: Pick<GuildOptionBook, "of">;
  readonly clock: Pick<Clock, "nowMs">;
  /** [0, 1), anew each time. */
  readonly random: () => number;
}

/** What of a session says what goes with it. */
type Heard = Pick<GuildSession, "guildId" | "tracks" | "history">;

/** So many of the last songs say what fits. */
const SEEDS = 3;
/** Songs that are looked at, of each kind. */
const MOST_CANDIDATES = 20;
/** What was played together with these songs goes before what is merely liked. */
const LIKED = 0.001;

/**
 * A song that goes with those that were heard: one that this guild has played together with them, else one that it likes,
 * else one that is cached; of each the cached ones first. Never one of the last, nor one that could not be played or is too
 * long for the guild.
 */
export function createSuggestNext(deps: SuggestNextDeps): (session: Heard) => Promise<Track | undefined> {
  return async (session) => {
    const { history, catalogue, profiles, options, clock } = deps;
    const { guildId } = session;
    const longestMs = longestSongMs(options.of(guildId));
    const nowMs = clock.nowMs();
    // From a file without an effect the one with it is made at once.
    const profileId = (await profiles.soundOf(guildId)).plain.id;
    const resting = await keysToRest(deps, session);
    const seeds = await seedsOf(deps, session);
    const together = scoreTogether(await history.neighbours(guildId, seeds, TOGETHER_MS), nowMs);
    const liked = await history.favourites(guildId, MOST_CANDIDATES);
    const scores = new Map(liked.map((key, rank) => [key, LIKED / (rank + 1)]));
    for (const [key, score] of best(together)) scores.set(key, score);
    const own = await Promise.all([...scores.keys()].map((key) => catalogue.get(key, profileId)));
    const rank = (song: KnownSong): number => scores.get(song.key) ?? 0;
    const known = await choose(deps, own.filter(isKnown), { resting, longestMs, rank });
    if (known) return known.track;
    const cached = await catalogue.find("", { profileId, limit: MOST_CANDIDATES, cachedOnly: true });
    return (await choose(deps, cached, { resting, longestMs, rank: () => 1 }))?.track;
  };
}

function best(scores: ReadonlyMap<CacheKey, number>): (readonly [CacheKey, number])[] {
  return [...scores].toSorted(([, a], [, b]) => b - a).slice(0, MOST_CANDIDATES);
}

function isKnown(song: KnownSong | undefined): song is KnownSong {
  return song !== undefined;
}

interface Wanted {
  readonly resting: ReadonlySet<CacheKey>;
  readonly longestMs: number;
  readonly rank: (song: KnownSong) => number;
}

async function choose(
  { failures, clock, random }: SuggestNextDeps,
  songs: readonly KnownSong[],
  { resting, longestMs, rank }: Wanted,
): Promise<KnownSong | undefined> {
  const nowMs = clock.nowMs();
  const candidates: Candidate<KnownSong>[] = [];
  for (const song of songs) {
    const { key, track, isCached } = song;
    if (resting.has(key) || track.isLive || (track.durationMs ?? 0) > longestMs) continue;
    const failure = isCached ? undefined : await failures.find(key);
    if (failure && failure.retryAtMs > nowMs) continue;
    candidates.push({ key: song, score: rank(song), isCached });
  }
  return pickNext(candidates, random());
}

/** The current song may not be noted yet. */
async function seedsOf({ history }: SuggestNextDeps, { guildId, tracks }: Heard): Promise<CacheKey[]> {
  const keys = [...keysOf(tracks), ...(await history.lastKeys(guildId, SEEDS))];
  return [...new Set(keys)].slice(0, SEEDS);
}

async function keysToRest({ history }: SuggestNextDeps, session: Heard): Promise<ReadonlySet<CacheKey>> {
  const { guildId, tracks } = session;
  const last = await history.lastKeys(guildId, songsToRest(await history.countSongs(guildId)));
  const failed = session.history.filter(({ ending }) => ending === "failed").map(({ item }) => item.track);
  return new Set([...last, ...keysOf([...tracks, ...failed])]);
}

function keysOf(tracks: readonly Track[]): CacheKey[] {
  return tracks.filter((track) => !isNamedOnly(track)).map((track) => cacheKey(track));
}
