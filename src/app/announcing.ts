import { Announcer } from "../command/announcer.ts";
import type { MessageHandle, MessagePlace, Panel } from "../command/panel.ts";
import { SongBoards } from "../command/song-boards.ts";
import { systemClock } from "../core/clock.ts";
import type { GuildOptionBook } from "../core/guild-options.ts";
import type { Logger } from "../core/logger.ts";
import type { GuildSettings } from "../db/guild-settings.ts";
import type { Languages } from "../texts/languages.ts";
import { createBoardMemory } from "./board-memory.ts";

interface AnnouncingDeps {
  readonly discord: {
    post(channelId: string, panel: Panel): Promise<MessageHandle>;
    remove(place: MessagePlace): Promise<void>;
  };
  readonly languages: Languages;
  readonly options: GuildOptionBook;
  readonly settings: GuildSettings;
  readonly log: Logger;
}

/** What shows songs on Discord, in the language and the channel that each guild wants. */
export async function createAnnouncer(deps: AnnouncingDeps): Promise<Announcer> {
  const { discord, languages, options, settings, log } = deps;
  const post = (channelId: string, panel: Panel): Promise<MessageHandle> => discord.post(channelId, panel);
  const memory = await createBoardMemory(settings, log);
  return new Announcer({
    boards: new SongBoards({ post, remove: (place) => discord.remove(place), memory, log }),
    post,
    textsFor: (guildId) => languages.textsFor(guildId),
    options: (guildId) => options.of(guildId),
    clock: systemClock,
    log,
  });
}
