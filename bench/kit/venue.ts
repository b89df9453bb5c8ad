/** A local Discord with one bot on it, used in the same way whoever the bot is. */
import { stat } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import type { BotProcess } from "../../test/sandbox/bot-process.ts";
import type { Guild } from "../../test/sandbox/discord/guild.ts";
import { type LocalDiscord, startLocalDiscord } from "../../test/sandbox/discord/local-discord.ts";
import type { Person } from "../../test/sandbox/discord/person.ts";
import { type Song, SongEntry } from "../../test/sandbox/media/catalogue.ts";
import { Stage } from "../../test/sandbox/stage.ts";
import { closing } from "./closing.ts";
import type { Contender } from "./contenders.ts";
import { PeerBot } from "./peer-bot.ts";
import type { SteadySong } from "./songs.ts";

/** A guild with Ann in its voice channel. */
export interface Hall {
  readonly guild: Guild;
  readonly ann: Person;
}

/** What can be done to any bot. */
export interface Venue {
  readonly contender: Contender;
  readonly discord: LocalDiscord;
  readonly halls: readonly Hall[];
  /** Encore's alone. */
  readonly encore?: { readonly stage: Stage; readonly bot: BotProcess };
  /** Ann uses `/play`. */
  play(hall: Hall, what: Playable): void;
  /** Songs one after the other. */
  queue(hall: Hall, what: readonly Playable[]): Promise<void>;
  /** Ann uses `/seek`. */
  seek(hall: Hall, toMs: number): void;
  /** Ends the song; the bot stays in the channel. */
  stop(hall: Hall): Promise<void>;
  leave(hall: Hall): Promise<void>;
  close(): Promise<void>;
}

/** Encore is given an address like everybody, the peers a kept file (a hit) or the same audio's address (a miss). */
export interface Playable {
  readonly forEncore: string;
  readonly forPeers: string;
}

const QUIET_MS = 160;
const WAIT_MS = 240_000;
const STORE_MS = 600_000;

/** Waits until nothing has been heard for a while, then forgets what was. */
export async function silence({ guild }: Hall): Promise<void> {
  const endMs = performance.now() + WAIT_MS;
  for (let heard = -1; heard !== guild.heard.packets.length;) {
    heard = guild.heard.packets.length;
    await delay(QUIET_MS);
    if (performance.now() > endMs) throw new Error("The bot does not stop playing.");
  }
  guild.heard.reset();
}

/** Puts a song into Encore's cache, and tells its address. */
export async function store(venue: Venue, song: SteadySong): Promise<string> {
  const { stage, bot } = venue.encore!;
  const [hall] = venue.halls;
  const { id, url } = await upload(stage, song);
  await timeToSound(venue, hall!, () => venue.play(hall!, { forEncore: url, forPeers: "" }));
  const isStored = (): boolean => bot.named("cache.published", ({ key }) => key === id).length > 0;
  // An hour of music takes longer than tests wait for a line of the log.
  await venue.discord.until(isStored, { what: `${song.name} is stored`, timeoutMs: STORE_MS });
  await venue.stop(hall!);
  return url;
}

/** Milliseconds from an act to the first packet of sound that is heard. */
export async function timeToSound(venue: Venue, hall: Hall, act: () => void): Promise<number> {
  await silence(hall);
  const startedAtMs = performance.now();
  act();
  const { heard } = hall.guild;
  const firstAtMs = await venue.discord.until(() => heard.firstPacketAtMs, {
    what: `${venue.contender.label} is heard`,
    timeoutMs: WAIT_MS,
  });
  return firstAtMs - startedAtMs;
}

/** Opens Discord with so many guilds, and starts the bot. */
export async function openVenue(contender: Contender, guilds = 1): Promise<Venue> {
  const { discord, ...bot } = contender.name === "encore" ? await encore() : await peer(contender);
  const halls = Array.from({ length: guilds }, (_, index) => furnish(discord, index));
  return { contender, discord, halls, ...(await bot.start()) };
}

function furnish(discord: LocalDiscord, index: number): Hall {
  const guild = discord.addGuild({ name: `Guild ${index + 1}` });
  const ann = guild.addPerson({ name: "Ann" });
  ann.joinVoice("Lounge");
  return { guild, ann };
}

type Acts = Omit<Venue, "contender" | "discord" | "halls">;

interface Unopened {
  readonly discord: LocalDiscord;
  start(): Promise<Acts>;
}

const roomOf = ({ guild }: Hall): { guildId: string; channelId: string } => ({
  guildId: guild.id,
  channelId: guild.channel("Lounge").id,
});

async function peer(contender: Contender): Promise<Unopened> {
  const discord = await startLocalDiscord();
  const start = async (): Promise<Acts> => {
    const bot = await PeerBot.start(contender, discord);
    return {
      play: ({ ann }, { forPeers }) => void ann.startsUsing("general", "play", { query: forPeers }),
      queue: async (hall, what) => {
        const sources = what.map(({ forPeers }) => forPeers);
        await bot.ask({ what: "queue", room: roomOf(hall), sources });
      },
      seek: ({ ann }, toMs) => void ann.startsUsing("general", "seek", { to: String(toMs / 1_000) }),
      stop: async (hall) => void (await bot.ask({ what: "stop", rooms: [roomOf(hall)] })),
      leave: async (hall) => {
        await bot.ask({ what: "leave", room: roomOf(hall) });
        await untilGone(discord, hall);
      },
      close: closing(async () => {
        await bot.stop();
        await discord.close();
      }),
    };
  };
  return { discord, start };
}

async function encore(): Promise<Unopened> {
  const stage = await Stage.set();
  const start = async (): Promise<Acts> => {
    const bot = await stage.startBot();
    return {
      encore: { stage, bot },
      play: ({ ann }, { forEncore }) => void ann.startsUsing("general", "play", { query: forEncore }),
      queue: async ({ ann }, what) => {
        for (const { forEncore } of what) await ann.uses("general", "play", { query: forEncore });
      },
      seek: ({ ann }, toMs) => void ann.startsUsing("general", "seek", { position: clockTime(toMs) }),
      stop: async ({ ann }) => void (await ann.uses("general", "skip")),
      leave: async (hall) => {
        await hall.ann.uses("general", "stop");
        await untilGone(stage.discord, hall);
      },
      close: closing(() => stage[Symbol.asyncDispose]()),
    };
  };
  return { discord: stage.discord, start };
}

let uploads = 0;

/** Puts a song on Encore's source under a new address, which no cache knows. */
export async function upload({ media }: Stage, song: SteadySong): Promise<Song> {
  uploads += 1;
  const id = `bench${String(uploads).padStart(6, "0")}`;
  const facts = { frequencyHz: 0, loudnessLufs: 0, format: "webm", artist: "Encore Bench" } as const;
  const unused = { radioUrl: "", hlsUrl: "", chapters: null };
  const url = `https://www.youtube.com/watch?v=${id}`;
  const directUrl = `${media.address}/files/${id}.webm`;
  const { durationMs, path } = song;
  const { size: bytes } = await stat(path);
  const uploaded: Song = {
    ...facts,
    ...unused,
    id,
    title: `${song.name} ${uploads}`,
    url,
    directUrl,
    durationMs,
    path,
    bytes,
  };
  media.catalogue.songs.set(id, new SongEntry(uploaded));
  return uploaded;
}

async function untilGone(discord: LocalDiscord, { guild }: Hall): Promise<void> {
  await discord.until(() => !guild.botVoiceChannel, { what: "the bot leaves" });
}

function clockTime(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  const parts = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  return parts.map((part) => String(part).padStart(2, "0")).join(":");
}
