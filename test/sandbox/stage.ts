// Everything a play through the real bot needs: a local Discord, a local media source, the bot as a process.
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import Database from "better-sqlite3";
import { BotProcess, type LogEvent } from "./bot-process.ts";
import { type LocalDiscord, type LocalDiscordOptions, startLocalDiscord } from "./discord/local-discord.ts";
import { type MediaSource, startMediaSource } from "./media/media-source.ts";

export interface StageOptions {
  /** More settings of the bot, such as `CACHE_LIMIT`. */
  readonly env?: Readonly<Record<string, string>>;
  readonly discord?: LocalDiscordOptions;
  readonly onEvent?: (event: LogEvent) => void;
}

/** The set: people act on `discord`, songs come from `media`, and the bot plays. */
export class Stage implements AsyncDisposable {
  readonly directory: string;
  readonly discord: LocalDiscord;
  readonly media: MediaSource;
  readonly #options: StageOptions;
  #bot: BotProcess | undefined;

  private constructor(directory: string, discord: LocalDiscord, media: MediaSource, options: StageOptions) {
    this.directory = directory;
    this.discord = discord;
    this.media = media;
    this.#options = options;
  }

  static async set(options: StageOptions = {}): Promise<Stage> {
    const directory = await mkdtemp(path.join(tmpdir(), "encore-stage-"));
    const discord = await startLocalDiscord(options.discord);
    const media = await startMediaSource({ directory: path.join(directory, "media") });
    return new Stage(directory, discord, media, options);
  }

  /** Starts the bot, or starts it again. */
  async startBot(env: Readonly<Record<string, string>> = {}): Promise<BotProcess> {
    const { onEvent } = this.#options;
    this.#bot = await BotProcess.start({
      env: { ...this.botEnv, ...env },
      ...(onEvent && { onEvent }),
    });
    return this.#bot;
  }

  /** What the bot is told. */
  get botEnv(): Record<string, string> {
    return {
      ...this.discord.env,
      CACHE_DIR: this.cacheDirectory,
      DATABASE_URL: `file:${this.#databaseFile}`,
      YTDLP_PATH: this.media.ytDlpCommand,
      EXTRACTORS: "yt-dlp",
      CACHE_FREE_DISK_FLOOR: "1MiB",
      SERVICE_URLS: `suggestions=${this.media.address}`,
      ...this.#options.env,
    };
  }

  get #databaseFile(): string {
    return path.join(this.directory, "data", "encore.sqlite");
  }

  get cacheDirectory(): string {
    return path.join(this.directory, "cache");
  }

  /** Finished files, as `<profile-id>/<key>.opus`, sorted. */
  async cachedFiles(): Promise<string[]> {
    const names = await readdir(path.join(this.cacheDirectory, "audio"), { recursive: true });
    return names.filter((name) => name.endsWith(".opus")).toSorted();
  }

  /** Whatever lies in the scratch folder. */
  async workFiles(): Promise<string[]> {
    return readdir(path.join(this.cacheDirectory, "work"));
  }

  /** Works on the bot's database; for while the bot is stopped. */
  inDatabase<T>(work: (database: Database.Database) => T): T {
    const database = new Database(this.#databaseFile, { fileMustExist: true });
    try {
      return work(database);
    } finally {
      database.close();
    }
  }

  /** @throws {Error} when the bot did something that Discord forbids */
  expectLawful(): void {
    const { violations } = this.discord;
    if (violations.length > 0)
      throw new Error(`Discord forbids this:\n${JSON.stringify(violations, null, 2)}`);
  }

  /** Ends everything. @throws as {@link expectLawful} */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#bot?.stop("SIGKILL");
    await this.discord.close();
    await this.media.close();
    await rm(this.directory, { recursive: true, force: true });
    this.expectLawful();
  }
}
