import type { Config } from "../config/config.ts";
import type { AudioProfile } from "../core/audio-profile.ts";
import { type GuildProfiles, parseProfileName } from "../core/audio-profiles.ts";
import type { GuildSettings } from "../db/guild-settings.ts";
import { GuildChoice } from "./guild-choice.ts";

/** Profiles that guilds have chosen. A name that is no profile (any more) counts as no choice. */
export function createGuildProfiles(
  settings: GuildSettings,
  { profile: ofBot, profiles }: Pick<Config["audio"], "profile" | "profiles">,
): GuildProfiles {
  const read = (text: string | undefined): AudioProfile => {
    const name = parseProfileName(text ?? "");
    return name === undefined ? ofBot : profiles[name];
  };
  const choice = new GuildChoice({ settings, name: "audio-profile", read });
  return {
    profileOf: (guildId) => choice.get(guildId),
    setProfile: (guildId, name) => choice.set(guildId, name),
  };
}
