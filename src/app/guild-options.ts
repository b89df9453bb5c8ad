import {
  DEFAULT_GUILD_OPTIONS,
  GUILD_OPTION_NAMES,
  type GuildOptionBook,
  type GuildOptionName,
  type GuildOptions,
  guildOptions,
  parseOption,
} from "../core/guild-options.ts";
import type { GuildSettings } from "../db/guild-settings.ts";

const PREFIX = "option.";

/**
 * Options that guilds have chosen. They are read once: a song that ends asks for them between two frames. `onChosen` is
 * told when a guild has chosen anew.
 */
export async function createGuildOptions(
  settings: GuildSettings,
  onChosen: (guildId: string) => void = () => undefined,
): Promise<GuildOptionBook> {
  const chosen = new Map<string, Partial<Record<GuildOptionName, string>>>();
  const known = new Map<string, GuildOptions>();
  const note = (guildId: string, name: GuildOptionName, text: string | undefined): GuildOptions => {
    const { [name]: _before, ...others } = chosen.get(guildId) ?? {};
    const texts = text === undefined ? others : { ...others, [name]: text };
    const options = guildOptions(texts);
    chosen.set(guildId, texts);
    known.set(guildId, options);
    return options;
  };
  for (const { guildId, name, value } of await settings.beginningWith(PREFIX)) {
    const option = GUILD_OPTION_NAMES.find((one) => `${PREFIX}${one}` === name);
    if (option) note(guildId, option, value);
  }
  return {
    of: (guildId) => known.get(guildId) ?? DEFAULT_GUILD_OPTIONS,
    set: async (guildId, name, text) => {
      if (text !== undefined && parseOption(name, text) === undefined)
        throw new RangeError(`"${text}" is no value of ${name}`);
      await (text === undefined
        ? settings.unset(guildId, `${PREFIX}${name}`)
        : settings.set(guildId, `${PREFIX}${name}`, text));
      const options = note(guildId, name, text);
      onChosen(guildId);
      return options;
    },
  };
}
