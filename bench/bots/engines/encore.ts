/**
 * Encore's own voice: its connection, its reader and its pacer, without the rest of the bot, so that what is compared is
 * sending alone. For `cpu` and `scale`; `first-sound`, `gap` and `seek` use the whole bot.
 */
import { open } from "node:fs/promises";
import type { Client } from "discord.js";
import { openOpusFile } from "../../../src/audio/opus-file.ts";
import { systemClock } from "../../../src/core/clock.ts";
import { silentLogger } from "../../../src/core/logger.ts";
import { DiscordVoice } from "../../../src/discord/voice-link.ts";
import { Pacer } from "../../../src/player/pacer/pacer.ts";
import type { VoiceLink } from "../../../src/player/voice-link.ts";
import type { CreateEngine, Engine } from "../engine.ts";
import type { Room } from "../protocol.ts";

interface Seat {
  readonly link: VoiceLink;
  song: AbortController;
}

class EncoreEngine implements Engine {
  readonly #voice: DiscordVoice;
  readonly #seats = new Map<string, Promise<Seat>>();

  constructor(client: Client) {
    const guilds = {
      adapterOf: (guildId: string) => client.guilds.cache.get(guildId)?.voiceAdapterCreator,
      refusal: () => undefined,
      listeners: () => 1,
      channelName: () => "Lounge",
    };
    this.#voice = new DiscordVoice({ guilds, pacer: new Pacer(systemClock), log: silentLogger });
  }

  async play(room: Room, source: string): Promise<void> {
    const seat = this.#seats.get(room.guildId) ?? this.#enter(room);
    this.#seats.set(room.guildId, seat);
    // As the plain library's engine does: the benchmark hears when all have joined.
    void seat
      .then(async (entered) => await playTo(entered, source))
      .catch((error: unknown) => process.stderr.write(`${String(error)}\n`));
  }

  async stop({ guildId }: Room): Promise<void> {
    const seat = await this.#seats.get(guildId);
    if (!seat) return;
    seat.song.abort();
    seat.song = new AbortController();
  }

  async leave({ guildId }: Room): Promise<void> {
    (await this.#seats.get(guildId))?.link.leave();
    this.#seats.delete(guildId);
  }

  async queue(): Promise<void> {
    throw new Error("Queues are measured with the whole bot.");
  }

  async #enter({ guildId, channelId }: Room): Promise<Seat> {
    const never = new AbortController().signal;
    const link = await this.#voice.join({ guildId, channelId, name: "Lounge" }, never);
    return { link, song: new AbortController() };
  }
}

async function playTo({ link, song }: Seat, source: string): Promise<void> {
  await using file = await open(source);
  const packets = await openOpusFile({ file }, { startMs: 0 }, song.signal);
  try {
    await packets.ready(song.signal);
    await link.play(packets, song.signal);
  } finally {
    await packets.close();
  }
}

export const createEngine: CreateEngine = (client) => new EncoreEngine(client);
