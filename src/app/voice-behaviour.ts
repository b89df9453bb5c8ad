// What sessions learn from the voice channels of Discord, and what is shown there of their songs.
import { errorPanel, type MessageHandle, type Panel } from "../command/panel.ts";
import { oneLine, titleOf } from "../command/text.ts";
import type { GuildOptions } from "../core/guild-options.ts";
import type { Logger } from "../core/logger.ts";
import type { Track } from "../core/track.ts";
import type { ChannelBitrates } from "./channel-bitrates.ts";
import type { VoiceNews } from "../discord/voice-watch.ts";
import type { GuildSession } from "../player/guild-session.ts";
import type { Sessions } from "../player/sessions.ts";
import type { Languages } from "../texts/languages.ts";
import { errorText } from "../texts/texts.ts";

interface VoiceNewsDeps {
  readonly sessions: Pick<Sessions, "of">;
  readonly discord: { post(channelId: string, panel: Panel): Promise<MessageHandle> };
  readonly languages: Pick<Languages, "textsFor">;
  readonly options: { of(guildId: string): Pick<GuildOptions, "announceChannel"> };
  readonly bitrates: Pick<ChannelBitrates, "onPlaced">;
  readonly log: Logger;
}

/** Tells sessions who listens, and people why nobody does. */
export function createVoiceNews({
  sessions,
  discord,
  languages,
  options,
  bitrates,
  log,
}: VoiceNewsDeps): VoiceNews {
  return {
    onPlaced: (guildId) => bitrates.onPlaced(guildId),
    onAudience: (guildId, personIds) => {
      const session = sessions.of(guildId);
      // What is left of a channel that it has given up is none of its business.
      if (session.channel) session.setAudience(personIds);
    },
    onUnheard: (guildId, why) => {
      const { state } = sessions.of(guildId);
      if (state.status === "idle") return;
      const panel = errorPanel(errorText(why, languages.textsFor(guildId)));
      discord
        .post(options.of(guildId).announceChannel ?? state.item.textChannelId, panel)
        .catch((error: unknown) => log.warn("voice.hint_unsent", { guildId, error }));
    },
  };
}

/** Most that Discord takes. */
const LONGEST_STATUS = 500;

/**
 * Shows the song that plays under the name of the voice channel, where the guild wants that. Between two songs there is
 * none for a moment, so each change is looked at when that is over.
 */
export function createSongStatus(
  status: { show(guildId: string, text: string | undefined): void },
  options: { of(guildId: string): Pick<GuildOptions, "voiceStatus"> },
): (session: GuildSession) => void {
  const changed = new Set<GuildSession>();
  const look = (session: GuildSession): void => {
    changed.delete(session);
    const { guildId, state } = session;
    const isWanted = options.of(guildId).voiceStatus;
    // The song before stays until the next one plays.
    if (isWanted && state.status === "loading") return;
    status.show(guildId, isWanted && state.status !== "idle" ? statusOf(state.item.track) : undefined);
  };
  return (session) => {
    if (changed.has(session)) return;
    changed.add(session);
    setImmediate(look, session);
  };
}

/** What could become a mention, a custom emoji or a link there is taken apart. */
const LIVELY: ReadonlyMap<string, string> = new Map([
  ["<", "‹"],
  ["@", "＠"],
  ["://", ": //"],
  ["](", "] ("],
]);

function statusOf(track: Pick<Track, "title" | "artist">): string {
  const title = titleOf(track).replaceAll(/<|@|:\/\/|\]\(/gu, (found) => LIVELY.get(found) ?? found);
  return oneLine(`♪ ${title}`, LONGEST_STATUS);
}
