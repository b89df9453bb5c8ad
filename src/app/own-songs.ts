import type { Services } from "../command/context.ts";
import { systemClock } from "../core/clock.ts";
import { findOwn, resolveOrOwn } from "../sources/own-songs.ts";
import { type BeginFetching, normalizeSearch } from "../sources/resolver.ts";
import type { Library } from "./library.ts";
import type { LookUps } from "./look-ups.ts";

/** Whoever types waits a third of that; the rest is for the next letter. */
const LONGEST_SUGGESTION_MS = 1_000;

/**
 * How texts become songs for a guild; "cached" means cached in the profile that this guild hears, without its effect:
 * from such a file the one with the effect is made at once.
 */
export function songsFor(
  library: Pick<Library, "cache" | "profiles"> & LookUps,
): Pick<Services, "resolve" | "search" | "chapters" | "ownSongs"> {
  const { cache, catalogue, resolutions, resolver, suggestions, profiles } = library;
  return {
    resolve: async (text, { startsNow = false, list, ...asked }, signal) => {
      const profile = await profiles.profileOf(asked.guildId);
      const begin: BeginFetching = (target, shared) => cache.begin(target, { profile, ...asked }, shared);
      const wish = { text, list, begin: startsNow ? begin : undefined };
      return await resolveOrOwn(library, wish, profile.plainId ?? profile.id, signal);
    },
    search: (text, limit, signal) => resolver.search(text, limit, signal),
    chapters: (track, signal) => resolver.chapters(track, signal),
    ownSongs: (guildId) => ({
      find: async (text, options) =>
        await findOwn(catalogue, text, {
          profileId: (await profiles.soundOf(guildId)).plain.id,
          ...options,
        }),
      searches: (beginning, limit) =>
        resolutions.beginningWith(normalizeSearch(beginning), limit, systemClock.nowMs()),
      elsewhere: (beginning) =>
        suggestions.find(beginning, AbortSignal.timeout(LONGEST_SUGGESTION_MS)).catch(() => []),
    }),
  };
}
