/** Turns the environment into one frozen configuration, or says everything that is wrong with it at once. */
import path from "node:path";
import type { AudioProfile } from "../core/audio-profile.ts";
import { audioProfiles } from "../core/audio-profiles.ts";
import type { AudioProfiles } from "../core/audio-profiles.ts";
import { AppError } from "../core/errors.ts";
import type { Site } from "../core/sites.ts";
import type { LanguageCode } from "../core/language-codes.ts";
import { lookAlikeWarnings } from "./look-alikes.ts";
import type { Secret } from "./secret.ts";
import type { ExtractorName, ServiceUrls } from "./names.ts";
import { RESERVED_NAMES, settings } from "./settings.ts";
import type { Settings } from "./settings.ts";

/** Everything an operator decided. Paths are absolute. */
export interface Config {
  readonly discord: {
    /** `undefined` = none given; {@link requireToken} turns that into a sentence. */
    readonly token: Secret | undefined;
    /** `undefined` = Discord itself. */
    readonly apiUrl: string | undefined;
    readonly commandPrefix: string;
    readonly prefixCommands: boolean;
    /** Where nobody wants another one. */
    readonly defaultLanguage: LanguageCode;
    /** Empty = the application's owner or team. */
    readonly ownerIds: readonly string[];
    /** Send owners what they should know. */
    readonly ownerNotices: boolean;
    readonly cacheAdminGuildIds: readonly string[];
  };
  readonly cache: {
    readonly directory: string;
    readonly limitBytes: number;
    readonly freeDiskFloorBytes: number;
    readonly maxTrackDurationMs: number;
    /** Bring the cache under its limit by itself after a song was added. */
    readonly autoCleanup: boolean;
    readonly eviction: Settings["CACHE_EVICTION"];
    /** How long plays are remembered. */
    readonly statisticsDays: number;
    readonly retentionDays: number;
    /** Most songs that are fetched in a day before it is their turn. */
    readonly prefetchPerDay: number;
    /** Keep downloads, so that another profile needs none. */
    readonly keepSource: boolean;
  };
  readonly database: {
    /** Path of the SQLite file. */
    readonly path: string;
  };
  readonly audio: {
    /** Of every guild that has chosen no other. */
    readonly profile: AudioProfile;
    readonly profiles: AudioProfiles;
    /** A path, or `undefined` = look for it. */
    readonly ffmpegPath: string | undefined;
  };
  readonly sources: {
    readonly extractors: readonly ExtractorName[];
    /** Sites that yt-dlp may fetch from besides YouTube. */
    readonly sites: readonly Site[];
    readonly ytdlpPath: string | undefined;
    /** Folder of the programs that setup installs, beside the database: `data/tools`. */
    readonly toolsDirectory: string;
    /** May hold a password, hence a secret. */
    readonly proxyUrl: Secret | undefined;
    /** Lower case `host` or `host:port`. */
    readonly directHosts: readonly string[];
    /** Addresses of services other than their own. */
    readonly serviceUrls: ServiceUrls;
  };
  readonly logging: {
    readonly level: Settings["LOG_LEVEL"];
    /** `auto` = pretty on a terminal, else JSON lines. */
    readonly format: Settings["LOG_FORMAT"];
  };
  /** What child processes are told about this machine; they inherit nothing. */
  readonly system: {
    /** Value of PATH. */
    readonly searchPath: string;
    readonly sslCertFile: string | undefined;
    readonly nodeExtraCaCerts: string | undefined;
  };
}

/** The files the configuration looks at. */
export interface ConfigFiles {
  /** Folder that relative paths and `.env` belong to. */
  readonly root: string;
  /** Whole text of a file. @throws when it cannot be read. */
  readText(path: string): string;
  /** Permission bits; `undefined` = no such file. */
  mode(path: string): number | undefined;
}

interface Problem {
  readonly name: string;
  readonly cure: string;
}

/**
 * Reads the whole configuration.
 * @returns the configuration, and one sentence for each thing that is allowed but probably not meant
 * @throws {AppError} `CONFIG_INVALID`, whose message lists every problem with its cure
 */
export function loadConfig(
  environment: NodeJS.ProcessEnv,
  files: ConfigFiles,
): { readonly config: Config; readonly warnings: readonly string[] } {
  const given = Object.fromEntries(
    Object.entries(environment)
      .map(([name, text]) => [name, text?.trim() ?? ""] as const)
      .filter(([, text]) => text !== ""),
  );
  const problems: Problem[] = [];
  const token = readToken(given, files, problems);
  const result = settings.safeParse({ ...given, DISCORD_TOKEN: token });
  for (const issue of result.error?.issues ?? []) {
    problems.push({ name: String(issue.path[0]), cure: issue.message });
  }
  if (problems.length > 0 || !result.data) throw invalid(problems);
  return {
    config: freezeDeep(arrange(result.data, given, files.root)),
    warnings: [
      ...lookAlikeWarnings(Object.keys(environment), Object.keys(settings.shape), RESERVED_NAMES),
      ...permissionWarnings(files),
    ],
  };
}

/** @throws {AppError} `CONFIG_INVALID` with the way to get a token, when there is none. */
export function requireToken(config: Config): Secret {
  if (config.discord.token) return config.discord.token;
  throw new AppError("CONFIG_INVALID", {
    problems:
      "There is no DISCORD_TOKEN yet: make one at https://discord.com/developers/applications → your application → " +
      "Bot → Reset Token and run `npm run setup -- --interactive`; to hear it without an account, run `npm run demo`.",
  });
}

/** Every text that must never reach a log, for redaction by value. */
export function secretValues(config: Config): readonly string[] {
  const proxy = config.sources.proxyUrl?.reveal();
  const password = proxy === undefined ? undefined : URL.parse(proxy)?.password;
  return [config.discord.token?.reveal(), password].filter(
    (text) => text !== undefined && text !== "",
  ) as string[];
}

function readToken(
  given: Readonly<Record<string, string>>,
  files: ConfigFiles,
  problems: Problem[],
): string | undefined {
  const { DISCORD_TOKEN: token, DISCORD_TOKEN_FILE: name } = given;
  if (name === undefined) return token;
  const problem = (cure: string): undefined => {
    problems.push({ name: "DISCORD_TOKEN_FILE", cure });
  };
  if (token !== undefined) return problem("set either this or DISCORD_TOKEN, not both");
  try {
    const text = files.readText(path.resolve(files.root, name)).trim();
    return text === "" ? problem(`${name} is empty: put the token into it`) : text;
  } catch (error) {
    return problem(`${name} cannot be read (${(error as NodeJS.ErrnoException).code ?? "unknown"})`);
  }
}

function arrange(read: Settings, given: Readonly<Record<string, string>>, root: string): Config {
  return {
    discord: discordOf(read),
    cache: {
      directory: path.resolve(root, read.CACHE_DIR),
      limitBytes: read.CACHE_LIMIT,
      freeDiskFloorBytes: read.CACHE_FREE_DISK_FLOOR,
      maxTrackDurationMs: read.CACHE_MAX_TRACK_DURATION,
      autoCleanup: read.CACHE_AUTO_CLEANUP,
      eviction: read.CACHE_EVICTION,
      statisticsDays: read.CACHE_STATISTICS_DAYS,
      retentionDays: read.CACHE_RETENTION_DAYS,
      prefetchPerDay: read.PREFETCH_PER_DAY,
      keepSource: read.CACHE_KEEP_SOURCE,
    },
    database: { path: path.resolve(root, read.DATABASE_URL) },
    audio: { ...soundOf(read), ffmpegPath: program(read.FFMPEG_PATH, root) },
    sources: sourcesOf(read, root),
    logging: { level: read.LOG_LEVEL, format: read.LOG_FORMAT },
    system: {
      searchPath: given["PATH"] ?? given["Path"] ?? "",
      sslCertFile: given["SSL_CERT_FILE"],
      nodeExtraCaCerts: given["NODE_EXTRA_CA_CERTS"],
    },
  };
}

function sourcesOf(read: Settings, root: string): Config["sources"] {
  return {
    extractors: read.EXTRACTORS,
    sites: read.MORE_SOURCES ?? [],
    ytdlpPath: program(read.YTDLP_PATH, root),
    toolsDirectory: path.join(path.dirname(path.resolve(root, read.DATABASE_URL)), "tools"),
    proxyUrl: read.SOURCE_PROXY,
    directHosts: read.DIRECT_HOSTS ?? [],
    serviceUrls: read.SERVICE_URLS ?? {},
  };
}

function discordOf(read: Settings): Config["discord"] {
  return {
    token: read.DISCORD_TOKEN,
    apiUrl: read.DISCORD_API_URL,
    commandPrefix: read.COMMAND_PREFIX,
    prefixCommands: read.PREFIX_COMMANDS,
    defaultLanguage: read.DEFAULT_LANGUAGE,
    ownerIds: read.OWNER_IDS ?? [],
    ownerNotices: read.OWNER_NOTICES,
    cacheAdminGuildIds: read.CACHE_ADMIN_GUILDS ?? [],
  };
}

function soundOf(read: Settings): Pick<Config["audio"], "profile" | "profiles"> {
  const profiles = audioProfiles({
    loudnessTargetLufs: read.LOUDNESS_TARGET_LUFS,
    truePeakCeilingDbtp: read.TRUE_PEAK_CEILING_DBTP,
    bitrateKbps: read.OPUS_BITRATE_KBPS,
  });
  return { profiles, profile: profiles[read.AUDIO_PROFILE] };
}

/** A bare name is left to PATH; anything with a folder in it belongs to the root. */
function program(text: string | undefined, root: string): string | undefined {
  return text === undefined || !/[\\/]/u.test(text) ? text : path.resolve(root, text);
}

function invalid(problems: readonly Problem[]): AppError {
  const width = Math.max(...problems.map(({ name }) => name.length)) + 3;
  const text = [
    `Configuration has ${problems.length} ${problems.length === 1 ? "problem" : "problems"}:`,
    ...problems.map(({ name, cure }) => `  ${name.padEnd(width)}${cure}`),
    "Fix .env, then start again. All settings: .env.example",
  ].join("\n");
  return new AppError("CONFIG_INVALID", { problems: text });
}

function permissionWarnings(files: ConfigFiles): readonly string[] {
  const bits = files.mode(path.join(files.root, ".env"));
  const open = process.platform !== "win32" && bits !== undefined && (bits & 0o044) !== 0;
  return open ? ["Other users of this machine can read .env. Run: chmod 600 .env"] : [];
}

/** Secrets are left alone: their value is out of reach anyway. */
function freezeDeep<T extends object>(value: T): T {
  for (const inner of Object.values(value)) {
    if (typeof inner === "object" && inner !== null && !Object.isFrozen(inner)) freezeDeep(inner as object);
  }
  return Object.freeze(value);
}
