/** The own catalogue in SQLite: full-text search over what is known about recordings. */
import { sql } from "kysely";
import type { ProfileId } from "../core/audio-profile.ts";
import type { Catalogue, CatalogueQuery, KnownSong } from "../core/catalogue.ts";
import { type CacheKey, parseCacheKey, type Track } from "../core/track.ts";
import { toTrack } from "./resolutions.ts";
import type { Database, Schema } from "./schema.ts";
import { likeness, trigramsOf, wordsOf } from "./search-words.ts";

/** Share of the groups of three letters of what was typed that a title must have to count as meant. */
const ALIKE = 0.35;
/** Most look-alikes that are compared letter by letter. */
const COMPARED = 200;
/** Weights of title, artist and ID. */
const WEIGHTS = sql.raw("10.0, 5.0, 1.0");

type Row = Schema["tracks"] & { is_cached: number; pinned: number | null; play_count: number | null };

/** {@link Catalogue} over the tables of migration 0005. */
export class SqliteCatalogue implements Catalogue {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async find(text: string, query: CatalogueQuery): Promise<readonly KnownSong[]> {
    const words = wordsOf(text);
    if (words.length === 0) return await this.#mostPlayed(query);
    const found = await this.#withWords(words, query);
    return found.length > 0 ? found : await this.#lookingAlike(words, query);
  }

  async get(key: CacheKey, profileId: ProfileId): Promise<KnownSong | undefined> {
    const { rows } = await sql<Row>`${known(profileId)} where tracks.key = ${key}`.execute(this.#db);
    return rows[0] ? toSong(rows[0]) : await this.#withoutFacts(key, profileId);
  }

  /** A file that was adopted or taken over may be all there is: then its ID stands for its title. */
  async #withoutFacts(key: CacheKey, profileId: ProfileId): Promise<KnownSong | undefined> {
    const row = await this.#db
      .selectFrom("cache_entries")
      .select(["duration_ms", "pinned", "play_count"])
      .where("key", "=", key)
      .where("profile_id", "=", profileId)
      .where("state", "=", "ready")
      .executeTakeFirst();
    const ref = parseCacheKey(key)?.ref;
    if (!row || !ref) return undefined;
    const url = ref.source === "youtube" ? `https://www.youtube.com/watch?v=${ref.id}` : "";
    const facts = { title: ref.id, artist: "", durationMs: row.duration_ms, isLive: false };
    return {
      key,
      track: { ...ref, url, ...facts, thumbnailUrl: null },
      isCached: true,
      isPinned: row.pinned === 1,
      playCount: row.play_count,
    };
  }

  async #mostPlayed({ profileId, limit }: CatalogueQuery): Promise<KnownSong[]> {
    const { rows } = await sql<Row>`
      ${known(profileId)} where cached.key is not null
      order by cached.play_count desc, tracks.key limit ${limit}`.execute(this.#db);
    return rows.map(toSong);
  }

  async #withWords(words: readonly string[], query: CatalogueQuery): Promise<KnownSong[]> {
    const match = `${words.map(quoted).join(" AND ")} *`;
    const { rows } = await sql<Row>`
      ${known(query.profileId)}
      join catalogue_numbers on catalogue_numbers.key = tracks.key
      join catalogue_words on catalogue_words.rowid = catalogue_numbers.number
      where catalogue_words match ${match} ${cachedOnly(query)}
      order by is_cached desc, bm25(catalogue_words, ${WEIGHTS}), tracks.key
      limit ${query.limit}`.execute(this.#db);
    return rows.map(toSong);
  }

  async #lookingAlike(words: readonly string[], query: CatalogueQuery): Promise<KnownSong[]> {
    const typed = trigramsOf(words);
    if (typed.size === 0) return [];
    const { rows } = await sql<Row>`
      ${known(query.profileId)}
      join catalogue_numbers on catalogue_numbers.key = tracks.key
      join catalogue_trigrams on catalogue_trigrams.rowid = catalogue_numbers.number
      where catalogue_trigrams match ${[...typed].map(quoted).join(" OR ")} ${cachedOnly(query)}
      order by bm25(catalogue_trigrams) limit ${COMPARED}`.execute(this.#db);
    return rows
      .map((row) => ({ song: toSong(row), likeness: likeness(typed, `${row.title} ${row.artist}`) }))
      .filter((candidate) => candidate.likeness >= ALIKE)
      .toSorted((a, b) => Number(b.song.isCached) - Number(a.song.isCached) || b.likeness - a.likeness)
      .slice(0, query.limit)
      .map(({ song }) => song);
  }
}

/** All tracks, with their files of a profile beside them. */
function known(profileId: ProfileId): ReturnType<typeof sql> {
  return sql`
    select tracks.*, cached.pinned, cached.play_count, cached.key is not null as is_cached
    from tracks left join cache_entries as cached
      on cached.key = tracks.key and cached.profile_id = ${profileId} and cached.state = 'ready'`;
}

function cachedOnly(query: CatalogueQuery): ReturnType<typeof sql> {
  return query.cachedOnly ? sql`and cached.key is not null` : sql``;
}

/** As a string of FTS5, in which nothing is an operator. */
function quoted(word: string): string {
  return `"${word.replaceAll('"', '""')}"`;
}

function toSong(row: Row): KnownSong {
  const track: Track = toTrack(row);
  return {
    key: row.key as CacheKey,
    track,
    isCached: row.is_cached === 1,
    isPinned: row.pinned === 1,
    playCount: row.play_count ?? 0,
  };
}
