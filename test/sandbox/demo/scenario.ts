// The demonstration: two guilds, three songs, a skip, and the numbers behind it. Real audio, the real bot process.
import { mkdir } from "node:fs/promises";
import * as path from "node:path";
import type { Guild } from "../discord/guild.ts";
import type { Person } from "../discord/person.ts";
import { describeSound } from "../discord/sound.ts";
import type { Song } from "../media/catalogue.ts";
import { Stage } from "../stage.ts";
import { Transcript } from "./transcript.ts";

/** One song as it was heard by one guild. */
export interface HeardSong {
  readonly guild: string;
  readonly title: string;
  readonly how: "miss" | "hit" | "shared";
  /** From the command to the first sound, in milliseconds. */
  readonly firstSoundMs: number;
  readonly frequencyHz: { readonly expected: number; readonly heard: number };
  readonly loudnessLufs: { readonly before: number; readonly after: number | null };
  readonly truePeakDbtp: number | null;
  readonly recording: string;
}

export interface DemoResult {
  readonly songs: readonly HeardSong[];
  /** Runs of the extractor that fetched audio. */
  readonly downloads: number;
  readonly files: readonly string[];
  readonly cacheReply: string;
  /** What was promised and did not happen; empty = all is well. */
  readonly broken: readonly string[];
}

export interface DemoOptions {
  /** Folder for the recordings; made when missing. */
  readonly recordings: string;
  readonly write: (line: string) => void;
}

const TARGET_LUFS = -14;
/** On a busy machine a first play is heard while it arrives, by a gain that begins with a guess and follows slowly. */
const TOLERANCE_LU = { hit: 0.5, miss: 4, shared: 4 } as const;
const TOLERANCE_HZ = 2;
const LISTEN_MS = 2_500;

/** Plays it all. @throws {Error} when the bot does not start or something never happens */
export async function playDemo(options: DemoOptions): Promise<DemoResult> {
  await mkdir(options.recordings, { recursive: true });
  await using stage = await Stage.set();
  return await new Demo(stage, options).play();
}

function isCacheAnswer(text: string): boolean {
  return text.includes("hit rate");
}

class Demo {
  readonly #stage: Stage;
  readonly #options: DemoOptions;
  readonly #attic: Guild;
  readonly #cellar: Guild;
  readonly #ann: Person;
  readonly #bob: Person;
  readonly #transcript: Transcript;
  readonly #songs: HeardSong[] = [];

  constructor(stage: Stage, options: DemoOptions) {
    this.#stage = stage;
    this.#options = options;
    const rooms = { text: ["general"], voice: ["Lounge"] };
    this.#attic = stage.discord.addGuild({ name: "Attic", ...rooms });
    this.#cellar = stage.discord.addGuild({ name: "Cellar", ...rooms });
    this.#ann = this.#attic.addPerson({ name: "Ann" });
    this.#bob = this.#cellar.addPerson({ name: "Bob" });
    this.#transcript = new Transcript([this.#attic, this.#cellar], options.write);
  }

  async play(): Promise<DemoResult> {
    const { media } = this.#stage;
    const loud = await media.addSong({
      title: "Loud Morning",
      artist: "The Tones",
      frequencyHz: 440,
      loudnessLufs: -8,
      durationMs: 6_000,
    });
    const quiet = await media.addSong({
      title: "Quiet Evening",
      artist: "The Tones",
      frequencyHz: 660,
      loudnessLufs: -23,
      durationMs: 4_000,
      format: "m4a",
    });
    const bot = await this.#stage.startBot();
    this.#transcript.start();
    this.#transcript.note("The bot is online. Ann and Bob join voice channels of different servers.");
    this.#ann.joinVoice("Lounge");
    this.#bob.joinVoice("Lounge");

    this.#transcript.note("Both ask for the same song at the same moment; it is not in the cache.");
    const first = this.#hear(this.#attic, loud, "miss", () => this.#ann.says("general", `?play ${loud.url}`));
    const same = this.#hear(this.#cellar, loud, "shared", () => this.#bobPlays(loud));
    await Promise.all([first, same]);
    this.#ann.says("general", "?skip");
    await bot.event("player.finished", { matches: (event) => event["guildId"] === this.#attic.id });

    this.#transcript.note("A quiet song, not in the cache either.");
    await this.#hear(this.#attic, quiet, "miss", () => this.#ann.says("general", `?play ${quiet.url}`));
    this.#ann.says("general", "?skip");
    await bot.event("player.finished", { count: 2, matches: (event) => event["guildId"] === this.#attic.id });

    this.#transcript.note("The first song again: now it is in the cache, and nothing is downloaded.");
    media.resetCounters();
    await this.#hear(this.#attic, loud, "hit", () => this.#ann.says("general", `?play ${loud.url}`));
    const requestsOfHit = media.counters(loud.id).requests;
    const cacheReply = await this.#askForCache();
    this.#transcript.stop();
    const downloads = await this.#countDownloads();
    const files = await this.#stage.cachedFiles();
    const exitCode = await bot.stop();
    const result = { songs: this.#songs, downloads, files, cacheReply };
    return {
      ...result,
      broken: [
        ...this.#broken(result),
        ...this.#brokenQuietly(requestsOfHit, exitCode, await this.#stage.workFiles()),
      ],
    };
  }

  /** Asks, waits for the first sound, listens for a while, and describes what was heard. */
  async #hear(guild: Guild, song: Song, how: HeardSong["how"], ask: () => void): Promise<void> {
    const { discord } = this.#stage;
    const name = `${guild.name}-${song.title.replaceAll(" ", "-")}-${how}`.toLowerCase();
    guild.heard.mark(name);
    const askedAtMs = discord.clock.monotonicMs();
    ask();
    const part = guild.heard;
    const from = part.packets.length;
    await discord.until(() => part.packets.length - from >= LISTEN_MS / 20, {
      what: `${song.title} is heard in ${guild.name}`,
      timeoutMs: 30_000,
    });
    const heard = guild.heard.part(name);
    const recording = path.join(this.#options.recordings, `${name}.ogg`);
    await heard.writeOgg(recording);
    const sound = await describeSound(recording);
    this.#songs.push({
      guild: guild.name,
      title: song.title,
      how,
      firstSoundMs: Math.round((heard.firstPacketAtMs ?? Number.NaN) - askedAtMs),
      frequencyHz: { expected: song.frequencyHz, heard: Math.round(sound.dominantFrequencyHz) },
      loudnessLufs: { before: song.loudnessLufs, after: sound.integratedLufs },
      truePeakDbtp: sound.truePeakDbtp,
      recording,
    });
  }

  #bobPlays(song: Song): void {
    this.#bob.startsUsing("general", "play", { query: song.url });
    this.#transcript.does(this.#cellar, this.#bob.user.name, `/play query:${song.url}`);
  }

  async #askForCache(): Promise<string> {
    const channel = this.#attic.channel("general");
    const before = channel.messages.length;
    this.#ann.says("general", "?cache");
    await this.#stage.discord.until(
      () => channel.messages.slice(before).some((message) => isCacheAnswer(message.text)),
      { what: "an answer to ?cache", timeoutMs: 10_000 },
    );
    return channel.messages.findLast((message) => isCacheAnswer(message.text))?.text ?? "";
  }

  async #countDownloads(): Promise<number> {
    const calls = await this.#stage.media.extractorCalls();
    return calls.filter((call) => call.args.includes("--progress-template")).length;
  }

  #broken(result: Omit<DemoResult, "broken">): string[] {
    const broken: string[] = [];
    if (result.downloads !== 2)
      broken.push(`2 songs were to be downloaded once each, but there were ${result.downloads} downloads`);
    if (result.files.length !== 2)
      broken.push(`2 files were to be in the cache, but there are ${result.files.length}`);
    for (const { title, guild, how, frequencyHz, loudnessLufs } of result.songs) {
      const { expected, heard } = frequencyHz;
      if (Math.abs(heard - expected) > TOLERANCE_HZ)
        broken.push(`${guild} was to hear ${title} at ${expected} Hz, but heard ${heard} Hz`);
      const after = loudnessLufs.after ?? -70;
      if (Math.abs(after - TARGET_LUFS) > TOLERANCE_LU[how])
        broken.push(`${title} was to be heard at ${TARGET_LUFS} LUFS, but was at ${after}`);
    }
    return broken;
  }

  #brokenQuietly(requestsOfHit: number, exitCode: number | null, workFiles: readonly string[]): string[] {
    const { violations } = this.#stage.discord;
    return [
      ...(requestsOfHit > 0
        ? [`the hit was to need no download, but ${requestsOfHit} media requests were made`]
        : []),
      ...(exitCode === 0 ? [] : [`the bot was to end with exit code 0, but ended with ${exitCode}`]),
      ...(workFiles.length === 0
        ? []
        : [`the work folder was to be empty, but holds ${workFiles.join(", ")}`]),
      ...violations.map((violation) => `Discord would have refused: ${JSON.stringify(violation)}`),
    ];
  }
}
