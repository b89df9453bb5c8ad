/** Six cached songs, one of them long not played, as they were before each test. */
import { cp, rm } from "node:fs/promises";
import * as path from "node:path";
import { afterEach, beforeEach } from "vitest";
import type { BotProcess } from "../sandbox/bot-process.ts";
import type { Message } from "../sandbox/discord/message.ts";
import type { Person } from "../sandbox/discord/person.ts";
import type { Song } from "../sandbox/media/catalogue.ts";
import type { Stage } from "../sandbox/stage.ts";
import { furnish, onStage, type Room } from "./actions.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const TITLES = ["Old", "A", "B", "C", "D", "E"];
const FOLDERS = ["cache", "data"];

export const ONLY_OWNER = "Only the owner of this bot may do that.";

/** The stage of all tests of a file. Each of them starts a bot of its own, which is stopped at its end. */
export function onFullCache(prepare: (full: FullCache) => void): void {
  let full: FullCache;
  onStage(
    async (stage) => {
      full = await FullCache.fill(stage);
      prepare(full);
    },
    { env: { CACHE_AUTO_CLEANUP: "false" } },
  );
  beforeEach(() => full.restore());
  afterEach(() => full.stopBot());
}

/** The first song was last played 200 days ago, the others 5 to 1 days ago. */
export class FullCache {
  readonly stage: Stage;
  readonly room: Room;
  readonly owner: Person;
  readonly songs: readonly Song[];
  #bot: BotProcess | undefined;

  private constructor(stage: Stage, songs: readonly Song[]) {
    this.stage = stage;
    this.songs = songs;
    this.room = furnish(stage, { name: "Home" });
    this.owner = this.room.guild.addPerson({ name: "Olga", permissions: "administrator" });
    stage.discord.makeOwner(this.owner);
  }

  /** Puts every song into the cache, once, and keeps a copy of that state. */
  static async fill(stage: Stage): Promise<FullCache> {
    const songs: Song[] = [];
    for (const title of TITLES)
      songs.push(await stage.media.addSong({ title: `Song ${title}`, durationMs: 4000 }));
    const full = new FullCache(stage, songs);
    const bot = await full.startBot();
    for (const song of songs) {
      const { ann } = furnish(stage, { name: song.title });
      ann.says("general", `?play ${song.url}`);
    }
    await bot.event("player.started", { count: songs.length });
    // A song plays before it is stored.
    await bot.event("cache.published", { count: songs.length });
    // What still plays would go on with the next bot.
    await bot.event("player.finished", { count: songs.length });
    await bot.stop();
    for (const name of FOLDERS) await cp(full.#at(name), full.#at(`${name}.full`), { recursive: true });
    return full;
  }

  /** Only songs that were not made just now may be cleaned up, so time is set back. */
  async restore(): Promise<void> {
    for (const name of FOLDERS) {
      await rm(this.#at(name), { recursive: true, force: true });
      await cp(this.#at(`${name}.full`), this.#at(name), { recursive: true });
    }
    this.stage.inDatabase((database) => {
      const update = database.prepare(
        "update cache_entries set created_at_ms = @atMs, last_played_at_ms = @atMs, evict_key = @rank where key = @key",
      );
      for (const [rank, { id }] of this.songs.entries()) {
        const atMs = Date.now() - (rank === 0 ? 200 : this.songs.length - rank) * DAY_MS;
        update.run({ key: id, atMs, rank });
      }
    });
  }

  async startBot(env: Readonly<Record<string, string>> = {}): Promise<BotProcess> {
    this.#bot = await this.stage.startBot(env);
    return this.#bot;
  }

  /** A bot whose limit is a little more than these songs take. */
  async startBotLimitedTo(...titles: readonly string[]): Promise<BotProcess> {
    const limit = Math.ceil(this.bytesOf(...this.ids(...titles)) * 1.06);
    return await this.startBot({ CACHE_LIMIT: `${limit}B`, CACHE_ADMIN_GUILDS: this.room.guild.id });
  }

  async stopBot(): Promise<void> {
    await this.#bot?.stop();
  }

  /** Keys of the songs with such ends of their titles. */
  ids(...titles: readonly string[]): string[] {
    return this.songs.filter(({ title }) => titles.includes(nameOf(title))).map(({ id }) => id);
  }

  bytesOf(...keys: readonly string[]): number {
    return this.stage.inDatabase((database) => {
      const rows = database.prepare("select key, bytes from cache_entries").all() as {
        key: string;
        bytes: number;
      }[];
      return rows.filter(({ key }) => keys.includes(key)).reduce((sum, { bytes }) => sum + bytes, 0);
    });
  }

  /** Songs whose file is there, by the end of their titles. */
  async kept(): Promise<string[]> {
    const files = await this.stage.cachedFiles();
    const found = this.songs.filter(({ id }) => files.some((file) => file.endsWith(`/${id}.opus`)));
    return found.map(({ title }) => nameOf(title));
  }

  /** Where the file of a song lies. */
  async fileOf({ id }: Song): Promise<string> {
    const name = (await this.stage.cachedFiles()).find((file) => file.endsWith(`/${id}.opus`)) ?? "none";
    return path.join(this.stage.cacheDirectory, "audio", name);
  }

  /** What the owner is shown before a clean-up. */
  async preview(): Promise<Message> {
    const { guild } = this.room;
    const asked = this.owner.says("general", "?cache_cleanup");
    const answer = (): Message | undefined =>
      guild.channel("general").messages.find(({ facts }) => facts.replyTo === asked);
    return await this.stage.discord.until(answer, { what: "the preview" });
  }

  #at(name: string): string {
    return path.join(this.stage.directory, name);
  }
}

function nameOf(title: string): string {
  return title.replace("Song ", "");
}
