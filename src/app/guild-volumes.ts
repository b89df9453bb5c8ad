import { type GuildVolumes, LOUDEST_PERCENT } from "../core/guild-volumes.ts";
import type { GuildSettings } from "../db/guild-settings.ts";
import { GuildChoice } from "./guild-choice.ts";

const AS_KEPT = 100;

/** Volumes that guilds have chosen. What is no volume (any more) counts as no choice. */
export function createGuildVolumes(settings: GuildSettings): GuildVolumes {
  const choice = new GuildChoice({ settings, name: "volume", read });
  return {
    volumeOf: (guildId) => choice.get(guildId),
    setVolume: async (guildId, percent) => {
      await choice.set(guildId, percent === AS_KEPT ? undefined : String(percent));
    },
  };
}

function read(text: string | undefined): number {
  const percent = Number(text ?? AS_KEPT);
  return Number.isInteger(percent) && percent >= 0 && percent <= LOUDEST_PERCENT ? percent : AS_KEPT;
}
