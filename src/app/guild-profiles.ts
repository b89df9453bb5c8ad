import type { Config } from "../config/config.ts";
import type { AudioProfile } from "../core/audio-profile.ts";
import { type GuildProfiles, parseProfileName } from "../core/audio-profiles.ts";
import { type EffectName, parseEffectName, withEffect } from "../core/effects.ts";
import type { GuildSettings } from "../db/guild-settings.ts";
import { GuildChoice } from "./guild-choice.ts";

/** Profiles and effects that guilds have chosen. A name that is none (any more) counts as no choice. */
export function createGuildProfiles(
  settings: GuildSettings,
  { profile: ofBot, profiles }: Pick<Config["audio"], "profile" | "profiles">,
): GuildProfiles {
  const read = (text: string | undefined): AudioProfile => {
    const name = parseProfileName(text ?? "");
    return name === undefined ? ofBot : profiles[name];
  };
  const plain = new GuildChoice({ settings, name: "audio-profile", read });
  const effect = new GuildChoice({ settings, name: "effect", read: readEffect });
  const profileOf = async (guildId: string): Promise<AudioProfile> => {
    const [profile, { name }] = await Promise.all([plain.get(guildId), effect.get(guildId)]);
    return name === undefined ? profile : withEffect(profile, name);
  };
  return {
    profileOf,
    setProfile: async (guildId, name) => {
      await plain.set(guildId, name);
      return await profileOf(guildId);
    },
    effectOf: async (guildId) => (await effect.get(guildId)).name,
    setEffect: async (guildId, name) => {
      await effect.set(guildId, name);
      return await profileOf(guildId);
    },
  };
}

function readEffect(text: string | undefined): { readonly name: EffectName | undefined } {
  return { name: parseEffectName(text ?? "") };
}
