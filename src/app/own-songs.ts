import type { Services } from "../command/context.ts";
import { systemClock } from "../core/clock.ts";
import { findOwn, resolveOrOwn } from "../sources/own-songs.ts";
import { type BeginFetching, normalizeSearch } from "../sources/resolver.ts";
import type { Library } from "./library.ts";

/** How texts become songs for a guild; "cached" means cached in the profile that this guild hears. */
export function songsFor(
  library: Pick<Library, "cache" | "resolver" | "catalogue" | "resolutions" | "profiles">,
): Pick<Services, "resolve" | "ownSongs"> {
  const { cache, catalogue, resolutions, profiles } = library;
  return {
    resolve: async (text, { startsNow = false, ...asked }, signal) => {
      const profile = await profiles.profileOf(asked.guildId);
      const begin: BeginFetching = (target, shared) => cache.begin(target, { profile, ...asked }, shared);
      return await resolveOrOwn(library, { text, begin: startsNow ? begin : undefined }, profile.id, signal);
    },
    ownSongs: (guildId) => ({
      find: async (text, options) =>
        await findOwn(catalogue, text, { profileId: (await profiles.profileOf(guildId)).id, ...options }),
      searches: (beginning, limit) =>
        resolutions.beginningWith(normalizeSearch(beginning), limit, systemClock.nowMs()),
    }),
  };
}
