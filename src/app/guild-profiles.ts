import type { Config } from "../config/config.ts";
import type { AudioProfile } from "../core/audio-profile.ts";
import { type GuildProfiles, type GuildSound, parseProfileName } from "../core/audio-profiles.ts";
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
  const soundOf = async (guildId: string): Promise<GuildSound> => {
    const [profile, { name }] = await Promise.all([plain.get(guildId), effect.get(guildId)]);
    return { plain: profile, effect: name };
  };
  return {
    soundOf,
    profileOf: async (guildId) => {
      const sound = await soundOf(guildId);
      return sound.effect === undefined ? sound.plain : withEffect(sound.plain, sound.effect);
    },
    setProfile: async (guildId, name) => {
      await plain.set(guildId, name);
      return await soundOf(guildId);
    },
    setEffect: async (guildId, name) => {
      await effect.set(guildId, name);
      return await soundOf(guildId);
    },
  };
}

function readEffect(text: string | undefined): { readonly name: EffectName | undefined } {
  return { name: parseEffectName(text ?? "") };
}
