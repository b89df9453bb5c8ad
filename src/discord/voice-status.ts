import { setTimeout as delay } from "node:timers/promises";
import { DiscordAPIError } from "discord.js";
import type { Logger } from "../core/logger.ts";

export interface VoiceStatusDeps {
  /** The voice channel the bot is in; `undefined` = none. */
  readonly channelOf: (guildId: string) => string | undefined;
  /** Whether the bot may write the line of that channel now. */
  readonly mayWrite: (guildId: string, channelId: string) => boolean;
  /** Writes it; `null` = clears it. */
  readonly write: (channelId: string, line: string | null) => Promise<void>;
  readonly log: Logger;
}

/** A guild's line: what it is to say, and what was written last. */
interface Line {
  wanted: string | undefined;
  written: Writing | undefined;
  isBusy: boolean;
  done: Promise<void>;
}

interface Writing {
  readonly channelId: string;
  readonly text: string | undefined;
}

/** Leaving a channel waits no longer than that for its line. */
const FAREWELL_MS = 1_000;
const FORBIDDEN = 403;

/**
 * The line under the name of the voice channel that the bot is in. One request at a time for each guild; what is wanted
 * when it is done goes next, and what was wanted in between never.
 * https://docs.discord.com/developers/resources/channel#set-voice-channel-status
 */
export class VoiceStatus {
  readonly #deps: VoiceStatusDeps;
  readonly #lines = new Map<string, Line>();
  /** Channels that refused although the bot seemed to have the right. */
  readonly #refused = new Set<string>();

  constructor(deps: VoiceStatusDeps) {
    this.#deps = deps;
  }

  /** Says this from now on, wherever the bot is; `undefined` = nothing. At most 500 characters. */
  show(guildId: string, text: string | undefined): void {
    const line = this.#lines.get(guildId) ?? newLine();
    this.#lines.set(guildId, line);
    line.wanted = text;
    this.follow(guildId);
  }

  /** The bot may be in another channel than before. */
  follow(guildId: string): void {
    const line = this.#lines.get(guildId);
    if (line && !line.isBusy) line.done = this.#write(guildId, line);
  }

  /** Clears it before the bot leaves: from outside that takes another right. Never rejects, and resolves soon. */
  async clear(guildId: string): Promise<void> {
    this.show(guildId, undefined);
    const line = this.#lines.get(guildId);
    await Promise.race([line?.done, delay(FAREWELL_MS, undefined, { ref: false })]);
  }

  async #write(guildId: string, line: Line): Promise<void> {
    const { write, log } = this.#deps;
    line.isBusy = true;
    for (let next = this.#next(guildId, line); next; next = this.#next(guildId, line)) {
      const { channelId, text } = next;
      line.written = next;
      try {
        await write(channelId, text ?? null);
      } catch (error) {
        if (this.#isRefusal(guildId, channelId, error)) this.#refused.add(channelId);
        log.info("voice.status_unwritten", { guildId, channelId, error });
      }
    }
    line.isBusy = false;
  }

  /** First the channel that was left is tidied, if that may be, then the one where the bot is gets its line. */
  #next(guildId: string, line: Line): Writing | undefined {
    const { written, wanted } = line;
    const here = this.#deps.channelOf(guildId);
    if (written && written.channelId !== here) {
      line.written = undefined;
      const left = { channelId: written.channelId, text: undefined };
      if (written.text !== undefined && this.#mayWrite(guildId, left.channelId)) return left;
    }
    if (here === undefined || line.written?.text === wanted || !this.#mayWrite(guildId, here))
      return undefined;
    return { channelId: here, text: wanted };
  }

  #mayWrite(guildId: string, channelId: string): boolean {
    return !this.#refused.has(channelId) && this.#deps.mayWrite(guildId, channelId);
  }

  /** What comes too late, when the bot is there no more, says nothing about the channel. */
  #isRefusal(guildId: string, channelId: string, error: unknown): boolean {
    const isForbidden = error instanceof DiscordAPIError && error.status === FORBIDDEN;
    return isForbidden && this.#deps.channelOf(guildId) === channelId;
  }
}

function newLine(): Line {
  return { wanted: undefined, written: undefined, isBusy: false, done: Promise.resolve() };
}
