/** From a song that is only named to a recording of it. */
import type { Clock } from "../core/clock.ts";
import { AppError } from "../core/errors.ts";
import { isNamedOnly, type Track, type TrackRef } from "../core/track.ts";
import { GOOD_ENOUGH, matchScore } from "./match-score.ts";
import { SharedLookups } from "./shared-lookups.ts";
import type { Source } from "./source.ts";
import { unformatted } from "./untrusted-text.ts";

/** What was matched before; for good. */
export interface MatchMemory {
  find(song: TrackRef): Promise<Track | undefined>;
  remember(song: TrackRef, recording: Track, nowMs: number): Promise<void>;
  forget(song: TrackRef): Promise<void>;
}

/** What a {@link Matcher} needs. */
export interface MatcherDeps {
  /** Where recordings are looked for. */
  readonly search: Source["search"];
  readonly memory: MatchMemory;
  readonly clock: Clock;
}

/** Results that are compared. The right one is among the first or nowhere. */
const CANDIDATES = 5;
const LONGEST_SEARCH_MS = 60_000;

/** Matches songs to recordings, each when it is needed and once for all. */
export class Matcher {
  readonly #deps: MatcherDeps;
  readonly #searches = new SharedLookups<Track>(LONGEST_SEARCH_MS);

  constructor(deps: MatcherDeps) {
    this.#deps = deps;
  }

  /** The recording, without asking anybody; `undefined` = it is not known yet. A recording is its own. */
  async known(song: Track): Promise<Track | undefined> {
    return isNamedOnly(song) ? await this.#deps.memory.find(song) : song;
  }

  /**
   * The recording; looked for when it is not known.
   * @throws {AppError} `NO_MATCH` with the song's name, or what the search says
   */
  async match(song: Track, signal: AbortSignal): Promise<Track> {
    const known = await this.known(song);
    if (known) return known;
    return await this.#searches.join(
      `${song.source}:${song.id}`,
      (shared) => this.#find(song, shared),
      signal,
    );
  }

  /** Its recording is gone: the next time it is looked for anew. */
  async forget(song: Track): Promise<void> {
    if (isNamedOnly(song)) await this.#deps.memory.forget(song);
  }

  async #find(song: Track, signal: AbortSignal): Promise<Track> {
    const { search, memory, clock } = this.#deps;
    const found = await search(`${song.artist} ${song.title}`.trim(), CANDIDATES, signal);
    const [best] = found
      .filter(({ isLive }) => !isLive)
      .map((recording) => ({ recording, score: matchScore(song, recording) }))
      .toSorted((a, b) => b.score - a.score);
    if (!best || best.score < GOOD_ENOUGH) throw new AppError("NO_MATCH", { song: nameOf(song) });
    await memory.remember(song, best.recording, clock.nowMs());
    return best.recording;
  }
}

function nameOf({ artist, title }: Track): string {
  return unformatted(artist === "" ? title : `${artist} – ${title}`);
}
