/** The guide's bot on plain @discordjs/voice: a connection and a player for each guild. Only the resource differs. */
import {
  type AudioPlayer,
  AudioPlayerStatus,
  type AudioResource,
  createAudioPlayer,
  joinVoiceChannel,
  type VoiceConnection,
} from "@discordjs/voice";
import type { Client } from "discord.js";
import type { Engine } from "./engine.ts";
import type { Room } from "./protocol.ts";

/** Makes what the player plays; `startMs` is other than 0 for a seek. */
export type MakeResource = (source: string, startMs: number) => AudioResource;

interface LibraryRoom {
  readonly connection: VoiceConnection;
  readonly player: AudioPlayer;
  waiting: readonly string[];
  source: string;
}

/** An engine around the way a resource is made. */
export class LibraryEngine implements Engine {
  readonly #client: Client;
  readonly #makeResource: MakeResource;
  readonly #rooms = new Map<string, LibraryRoom>();

  constructor(client: Client, makeResource: MakeResource) {
    this.#client = client;
    this.#makeResource = makeResource;
  }

  async play(room: Room, source: string): Promise<void> {
    this.#start(this.#enter(room), source);
  }

  async queue(room: Room, [first = "", ...others]: readonly string[]): Promise<void> {
    const entered = this.#enter(room);
    entered.waiting = others;
    this.#start(entered, first);
  }

  async seek(room: Room, positionMs: number): Promise<void> {
    const entered = this.#enter(room);
    this.#start(entered, entered.source, positionMs);
  }

  async stop(room: Room): Promise<void> {
    const entered = this.#enter(room);
    entered.waiting = [];
    entered.player.stop();
  }

  async leave({ guildId }: Room): Promise<void> {
    this.#rooms.get(guildId)?.player.stop(true);
    this.#rooms.get(guildId)?.connection.destroy();
    this.#rooms.delete(guildId);
  }

  #start(room: LibraryRoom, source: string, startMs = 0): void {
    room.source = source;
    room.player.play(this.#makeResource(source, startMs));
  }

  #enter(room: Room): LibraryRoom {
    const known = this.#rooms.get(room.guildId);
    if (known) return known;
    const entered = join(this.#client, room);
    this.#rooms.set(room.guildId, entered);
    entered.player.on(AudioPlayerStatus.Idle, () => {
      const [next, ...others] = entered.waiting;
      entered.waiting = others;
      if (next !== undefined) this.#start(entered, next);
    });
    return entered;
  }
}

function join(client: Client, { guildId, channelId }: Room): LibraryRoom {
  const adapterCreator = client.guilds.cache.get(guildId)!.voiceAdapterCreator;
  const connection = joinVoiceChannel({ guildId, channelId, adapterCreator, selfDeaf: true });
  const player = createAudioPlayer();
  player.on("error", (error) => process.stderr.write(`${error.message}\n`));
  connection.on("error", (error) => process.stderr.write(`${error.message}\n`));
  connection.subscribe(player);
  return { connection, player, waiting: [], source: "" };
}
