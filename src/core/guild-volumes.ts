/** How loud songs are in each guild, in per cent of what is kept; 100 = as they are. */
export interface GuildVolumes {
  volumeOf(guildId: string): Promise<number>;
  setVolume(guildId: string, percent: number): Promise<void>;
}

/** Twice the amplitude, 6 dB. */
export const LOUDEST_PERCENT = 200;
