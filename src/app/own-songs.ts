import type { Services } from "../command/context.ts";
import { systemClock } from "../core/clock.ts";
import { findOwn, resolveOrOwn } from "../sources/own-songs.ts";
import { normalizeSearch } from "../sources/resolver.ts";
import type { Library } from "./library.ts";

/** How texts become songs for a guild; "cached" means cached in the profile that this guild hears. */
export function songsFor(
  library: Pick<Library, "resolver" | "catalogue" | "resolutions" | "profiles">,
): Pick<Services, "resolve" | "ownSongs"> {
  const { catalogue, resolutions, profiles } = library;
  return {
    resolve: async (text, guildId, signal) =>
      await resolveOrOwn(library, text, (await profiles.profileOf(guildId)).id, signal),
    ownSongs: (guildId) => ({
      find: async (text, options) =>
        await findOwn(catalogue, text, { profileId: (await profiles.profileOf(guildId)).id, ...options }),
      searches: (beginning, limit) =>
        resolutions.beginningWith(normalizeSearch(beginning), limit, systemClock.nowMs()),
    }),
  };
}
