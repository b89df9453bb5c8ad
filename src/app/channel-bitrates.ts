import type { Logger } from "../core/logger.ts";
import type { Sessions } from "../player/sessions.ts";
import type { VoiceChannelRef } from "../player/voice-link.ts";
import { limitKbpsOf } from "../policy/bitrate.ts";

interface ChannelBitratesDeps {
  readonly sessionOf: Sessions["of"];
  /** Bit rate of a voice channel in kbit/s; `undefined` = it is gone. */
  readonly kbpsOf: (channel: VoiceChannelRef) => number | undefined;
  readonly log: Logger;
}

/** How many bits songs may have in the voice channel of each guild, and what follows when that changes meanwhile. */
export class ChannelBitrates {
  readonly #deps: ChannelBitratesDeps;
  /** What was told last. */
  readonly #told = new Map<string, number | undefined>();

  constructor(deps: ChannelBitratesDeps) {
    this.#deps = deps;
  }

  /** Most kbit/s there; `undefined` = as songs are. For who opens one. */
  limitKbps(guildId: string): number | undefined {
    const { channel } = this.#deps.sessionOf(guildId);
    const limit = limitKbpsOf(channel && this.#deps.kbpsOf(channel));
    this.#told.set(guildId, limit);
    return limit;
  }

  /** The bot is in another channel than before, or its channel was changed: the song goes on as it is wanted there. */
  onPlaced(guildId: string): void {
    if (!this.#told.has(guildId)) return;
    const before = this.#told.get(guildId);
    if (this.limitKbps(guildId) === before) return;
    const session = this.#deps.sessionOf(guildId);
    session
      .renew(session.stopped)
      .catch((error: unknown) => this.#deps.log.warn("voice.bitrate_not_followed", { guildId, error }));
  }
}
