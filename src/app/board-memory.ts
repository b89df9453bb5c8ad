import type { BoardMemory } from "../command/song-boards.ts";
import type { MessagePlace } from "../command/panel.ts";
import type { Logger } from "../core/logger.ts";
import type { GuildSettings } from "../db/guild-settings.ts";

const NAME = "song-message";

/** Where the song's message of each guild is, so that after a restart the old one goes when a new one comes. */
export async function createBoardMemory(settings: GuildSettings, log: Logger): Promise<BoardMemory> {
  const places = new Map<string, MessagePlace>();
  for (const { guildId, name, value } of await settings.beginningWith(NAME)) {
    const [channelId, messageId] = value.split("/");
    if (name === NAME && channelId && messageId) places.set(guildId, { channelId, messageId });
  }
  return {
    recall: (guildId) => places.get(guildId),
    note: (guildId, place) => {
      if (place) places.set(guildId, place);
      else places.delete(guildId);
      const written = place
        ? settings.set(guildId, NAME, `${place.channelId}/${place.messageId}`)
        : settings.unset(guildId, NAME);
      // The music does not wait for it, and at worst an old message stays.
      written.catch((error: unknown) => log.debug("announce.not_noted", { error }));
    },
  };
}
