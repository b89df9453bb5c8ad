import { untilAborted } from "../core/abort.ts";
import type { KnownSong } from "../core/catalogue.ts";
import { formatDuration } from "../core/format.ts";
import type { Logger } from "../core/logger.ts";
import { listNameKey } from "../core/saved-list.ts";
import { oneLine, titleOf } from "./text.ts";

/** One thing a person may choose while typing. */
export interface Suggestion {
  /** What is shown; not markdown. */
  readonly name: string;
  /** What is sent instead of what was typed. */
  readonly value: string;
}

/** What this bot knows of itself. Nothing here takes the network but `elsewhere`. */
export interface OwnSongs {
  /**
   * Songs that words, a link, an ID or a cache key mean; cached ones first. Without any: the most played cached ones.
   * @throws {AppError} for a link that cannot be one
   */
  find(
    text: string,
    options: { readonly limit: number; readonly cachedOnly?: boolean },
  ): Promise<readonly KnownSong[]>;
  /** Searches made before that begin like this. */
  searches(beginning: string, limit: number): Promise<readonly string[]>;
  /** What people search for elsewhere that begins like this; empty when it may not be asked for now. Never rejects. */
  elsewhere(beginning: string): Promise<readonly string[]>;
}

/** Names of the playlists that a person can play where they type. */
export type ListNames = () => Promise<readonly string[]>;

/** Suggestions for what was typed so far, best first. Whoever reads them may stop at any time. */
export type Suggest = (own: OwnSongs, typed: string, listNames: ListNames) => AsyncIterable<Suggestion>;

/** https://docs.discord.com/developers/interactions/application-commands#autocomplete */
const MOST_SUGGESTIONS = 25;
const MAX_CHARACTERS = 100;

/** Reads suggestions until there are enough, or the signal fires: then what there is must do. Never rejects. */
export async function collectSuggestions(
  suggestions: AsyncIterable<Suggestion>,
  log: Logger,
  signal: AbortSignal,
): Promise<readonly Suggestion[]> {
  const found = new Map<string, Suggestion>();
  const reader = suggestions[Symbol.asyncIterator]();
  try {
    while (found.size < MOST_SUGGESTIONS) {
      const next = await untilAborted(reader.next(), signal);
      if (next.done === true) break;
      const { name, value } = next.value;
      // A value that does not fit would be another one when cut.
      if (value === "" || value.length > MAX_CHARACTERS || found.has(value)) continue;
      found.set(value, { name: oneLine(name, MAX_CHARACTERS) || value, value });
    }
  } catch (error) {
    if (!signal.aborted) log.debug("suggestions.failed", { error });
  }
  // Not waited for: it may be stuck in the very step that took too long.
  reader.return?.().catch(() => undefined);
  return [...found.values()];
}

/** A song as a suggestion; ⚡ = it starts at once. */
export function songSuggestion({ key, track, isCached }: KnownSong): Suggestion {
  const length = track.durationMs === null ? "" : ` · ${formatDuration(track.durationMs)}`;
  const mark = isCached ? "⚡ " : "";
  const title = oneLine(titleOf(track), MAX_CHARACTERS - mark.length - length.length);
  return { name: `${mark}${title}${length}`, value: track.url === "" ? key : track.url };
}

/** Cached songs only, for what is done to a file. */
export async function* suggestCached(own: OwnSongs, typed: string): AsyncGenerator<Suggestion> {
  for (const song of await own.find(typed, { limit: MOST_SUGGESTIONS, cachedOnly: true })) {
    // The key is shorter than many a link, and always means this one.
    yield { ...songSuggestion(song), value: song.key };
  }
}

/** Playlists whose names hold what was typed. */
export async function* suggestLists(
  _own: OwnSongs,
  typed: string,
  listNames: ListNames,
): AsyncGenerator<Suggestion> {
  const wanted = listNameKey(typed.trim());
  for (const name of await listNames()) if (listNameKey(name).includes(wanted)) yield { name, value: name };
}
