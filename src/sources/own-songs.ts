/** Songs without a source: what this bot has itself answers when every extractor fails, and whenever only that is meant. */
import type { Catalogue, CatalogueQuery, KnownSong } from "../core/catalogue.ts";
import { type ErrorCode, toAppError } from "../core/errors.ts";
import { cacheKey, parseCacheKey } from "../core/track.ts";
import { parseQuery } from "./query.ts";
import type { Resolution, Resolver, Wish } from "./resolver.ts";
import type { Query } from "./source.ts";

/** The source is unreachable, limits us or is no longer understood; what it would have said is unknown. */
const SOURCE_IS_DOWN: ReadonlySet<ErrorCode> = new Set([
  "RATE_LIMITED",
  "BOT_CHECK",
  "MEDIA_FORBIDDEN",
  "SOURCE_UNREACHABLE",
  "EXTRACTOR_BROKEN",
  "EXTRACTOR_TOO_OLD",
  "EXTRACTOR_MISSING",
  "CHILD_FAILED",
]);

/**
 * What the resolver says; when every extractor failed, the best match among the cached songs. A link or an ID gets its
 * own file or nothing: another song would not be what was asked for.
 * @throws {AppError} why the source failed, when the cache cannot help either
 */
export async function resolveOrOwn(
  { resolver, catalogue }: { readonly resolver: Pick<Resolver, "resolve">; readonly catalogue: Catalogue },
  wish: Wish,
  profileId: CatalogueQuery["profileId"],
  signal: AbortSignal,
): Promise<Resolution> {
  try {
    return await resolver.resolve(wish, signal);
  } catch (thrown) {
    const error = toAppError(thrown);
    if (!SOURCE_IS_DOWN.has(error.code)) throw error;
    const query = parseQuery(wish.text);
    const song = await bestCached(catalogue, query, profileId);
    if (!song) throw error;
    const startMs = query.kind === "track" ? query.startMs : 0;
    return { kind: "tracks", tracks: [song.track], startMs, fromCatalogue: true };
  }
}

async function bestCached(
  catalogue: Catalogue,
  query: Query,
  profileId: CatalogueQuery["profileId"],
): Promise<KnownSong | undefined> {
  if (query.kind === "search")
    return (await catalogue.find(query.text, { profileId, limit: 1, cachedOnly: true }))[0];
  if (query.kind !== "track") return undefined;
  const song = await catalogue.get(cacheKey(query.target), profileId);
  return song?.isCached ? { ...song, track: { ...song.track, url: query.target.url } } : undefined;
}

/**
 * Songs of the own catalogue that a link, an ID, a cache key or words mean; never asks a source. For an empty text the
 * most played ones.
 * @throws {AppError} what `parseQuery` throws
 */
export async function findOwn(
  catalogue: Catalogue,
  text: string,
  query: CatalogueQuery,
): Promise<readonly KnownSong[]> {
  if (text.trim() === "") return await catalogue.find("", query);
  const key = parseCacheKey(text.trim())?.key ?? keyOf(parseQuery(text));
  const named = key && (await catalogue.get(key, query.profileId));
  if (named) return query.cachedOnly && !named.isCached ? [] : [named];
  // Eleven letters may be an ID or a word.
  return /[/:]/u.test(text) ? [] : await catalogue.find(text, query);
}

function keyOf(query: Query): ReturnType<typeof cacheKey> | undefined {
  return query.kind === "track" ? cacheKey(query.target) : undefined;
}
