import type { Config } from "../config/config.ts";
import type { AudioProfile } from "../core/audio-profile.ts";
import { type GuildProfiles, parseProfileName } from "../core/audio-profiles.ts";
import type { GuildSettings } from "../db/guild-settings.ts";

const SETTING = "audio-profile";

/** Choices of guilds, kept in the database. A name that is no profile (any more) counts as no choice. */
export function createGuildProfiles(
  settings: GuildSettings,
  { profile: ofBot, profiles }: Pick<Config["audio"], "profile" | "profiles">,
): GuildProfiles {
  const profileOf = async (guildId: string): Promise<AudioProfile> => {
    const name = parseProfileName((await settings.get(guildId, SETTING)) ?? "");
    return name === undefined ? ofBot : profiles[name];
  };
  return {
    profileOf,
    setProfile: async (guildId, name) => {
      await (name === undefined ? settings.unset(guildId, SETTING) : settings.set(guildId, SETTING, name));
      return profileOf(guildId);
    },
  };
}
