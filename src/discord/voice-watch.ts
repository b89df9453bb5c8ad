import {
  ChannelType,
  type Client,
  type DMChannel,
  Events,
  type Guild,
  type NonThreadGuildBasedChannel,
  type VoiceState,
} from "discord.js";
import { AppError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import { phrase } from "../core/sentence.ts";
import { listenersIn } from "./people.ts";
import { maySpeakUp } from "./permissions.ts";

/** What happens around the bot in voice channels. */
export interface VoiceNews {
  /** Who hears the bot in the channel it is in. Told anew whenever that may have changed. */
  onAudience(guildId: string, personIds: ReadonlySet<string>): void;
  /** From now on nobody can hear the bot, until somebody does something about it. */
  onUnheard(guildId: string, why: AppError): void;
  /** The bot came into a voice channel, was moved to another one or left; or its channel was changed. */
  onPlaced(guildId: string): void;
}

/** Watches who is with the bot in its voice channels, and whether it may be heard there; on stages it gets up. */
export class VoiceWatch {
  readonly #news: VoiceNews;
  readonly #log: Logger;

  constructor({ news, log }: { readonly news: VoiceNews; readonly log: Logger }) {
    this.#news = news;
    this.#log = log;
  }

  watch(client: Client): void {
    client.on(Events.VoiceStateUpdate, (before, after) => this.#onState(before, after));
    client.on(Events.ChannelUpdate, (_before, channel) => this.#onChannel(channel));
    // After an outage the guild comes with the states of then; nobody tells what came in between.
    client.on(Events.GuildAvailable, (guild) => this.#count(guild));
  }

  #onState(before: VoiceState, after: VoiceState): void {
    const { guild } = after;
    const mine = guild.members.me?.voice;
    if (!mine) return;
    if (after.id === mine.id) this.#onMine(before, after);
    if (before.channelId === mine.channelId || after.channelId === mine.channelId) this.#count(guild);
  }

  #onChannel(channel: DMChannel | NonThreadGuildBasedChannel): void {
    if (channel.isDMBased() || channel.guild.members.me?.voice.channelId !== channel.id) return;
    this.#news.onPlaced(channel.guildId);
  }

  /** A bot that nobody can hear has no audience. */
  #count(guild: Guild): void {
    const mine = guild.members.me?.voice;
    if (!mine?.channelId) return;
    const listeners = isHeard(mine) ? listenersIn(guild, mine.channelId) : [];
    this.#news.onAudience(guild.id, new Set(listeners));
  }

  #onMine(before: VoiceState, after: VoiceState): void {
    const hasMoved = before.channelId !== after.channelId;
    if (hasMoved) this.#news.onPlaced(after.guild.id);
    if (after.channelId === null || isHeard(after)) return;
    if (hasMoved) void this.#speakUp(after);
    else if (isHeard(before)) this.#tellUnheard(after, "VOICE_MUTED");
  }

  /** Everyone comes onto a stage as a listener. Whom somebody has sent back there stays. */
  async #speakUp(mine: VoiceState): Promise<void> {
    const { channel } = mine;
    if (channel?.type !== ChannelType.GuildStageVoice || mine.serverMute)
      return this.#tellUnheard(mine, "VOICE_MUTED");
    try {
      if (maySpeakUp(channel)) {
        await mine.setSuppressed(false);
        return;
      }
      await mine.setRequestToSpeak(true);
      this.#tellUnheard(mine, "STAGE_ASKED");
    } catch (error) {
      this.#log.warn("voice.stage_refused", { guildId: mine.guild.id, channelId: channel.id, error });
      this.#tellUnheard(mine, "VOICE_MUTED");
    }
  }

  #tellUnheard({ guild, channelId }: VoiceState, code: "VOICE_MUTED" | "STAGE_ASKED"): void {
    this.#log.info("voice.unheard", { guildId: guild.id, channelId, code });
    this.#news.onUnheard(
      guild.id,
      new AppError(code, { channel: `<#${channelId}>`, needed: phrase("MUTE_MEMBERS") }),
    );
  }
}

/** Muted by others, in the audience of a stage, or without the right to speak: packets go nowhere then. */
function isHeard({ serverMute, suppress }: VoiceState): boolean {
  return !serverMute && !suppress;
}
