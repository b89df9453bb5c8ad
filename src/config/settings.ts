/** The one list of settings: how each is read, what it is by default and what people are told about it. */
import { z } from "zod";
import { PROFILE_NAMES } from "../core/audio-profiles.ts";
import { SITES } from "../core/sites.ts";
import { LANGUAGE_CODES } from "../core/language-codes.ts";
import { EXTRACTOR_NAMES, parseExtractors, parseServiceUrls, parseSites, SERVICE_NAMES } from "./names.ts";
import { Secret } from "./secret.ts";
import {
  isHostName,
  parseBoolean,
  parseDurationMs,
  parseHttpUrl,
  parseList,
  parseNumber,
  parseSizeBytes,
} from "./values.ts";

/** What people are told about one setting. */
export interface SettingNote {
  readonly about: string;
  /** Default as it would be written; `undefined` = not set. */
  readonly fallback?: string;
  readonly example?: string;
  readonly secret?: true;
}

/** One row of the settings table. */
export interface SettingDescription {
  readonly name: string;
  readonly description: string;
  readonly default: string | undefined;
  readonly example: string | undefined;
  readonly secret: boolean;
}

const notes = z.registry<SettingNote>();

/** A setting that has a value in any case: the default is read like anything a person writes. */
function setting<T extends z.ZodType<unknown, string>>(
  schema: T,
  note: SettingNote & { fallback: string },
): z.ZodPrefault<T> {
  const withDefault = z.prefault(schema, note.fallback as z.input<T>);
  notes.add(withDefault, note);
  return withDefault;
}

function optional<T extends z.ZodType<unknown, string>>(schema: T, note: SettingNote): z.ZodOptional<T> {
  const whole = z.optional(schema);
  notes.add(whole, note);
  return whole;
}

/** A schema from a parser and the sentence that is shown when the parser gives `undefined`. */
function written<T>(
  parse: (text: string) => T | undefined,
  cure: string,
): z.ZodPipe<z.ZodString, z.ZodTransform<T, string>> {
  return z.string().transform((text, context): T => {
    const value = parse(text);
    if (value !== undefined) return value;
    context.addIssue({ code: "custom", message: cure });
    return z.NEVER;
  });
}

const yesOrNo = written(parseBoolean, "write true or false");
const size = written(parseSizeBytes, "write a size such as 512MB or 10GiB");
const snowflakes = written(
  (text) => parseList(text, (item) => /^\d{17,20}$/u.test(item)),
  "write Discord IDs (17 to 20 digits) separated by commas",
);
const path = written((text) => text, "write a path");

function number(
  lowest: number,
  highest: number,
  unit: string,
): z.ZodPipe<z.ZodString, z.ZodTransform<number, string>> {
  return written(
    (text) => parseNumber(text, lowest, highest),
    `write a number of ${unit} from ${lowest} to ${highest}`,
  );
}

function wholeNumber(
  lowest: number,
  highest: number,
  unit: string,
): z.ZodPipe<z.ZodString, z.ZodTransform<number, string>> {
  return written(
    (text) => (text.includes(".") ? undefined : parseNumber(text, lowest, highest)),
    `write a whole number of ${unit} from ${lowest} to ${highest}`,
  );
}

function parseToken(text: string): Secret | undefined {
  return /^[\w.~+/=-]{1,512}$/u.test(text) ? new Secret(text) : undefined;
}

function parseProxy(text: string): Secret | undefined {
  const url = parseHttpUrl(text);
  return url === undefined ? undefined : new Secret(url);
}

function parseDatabaseUrl(text: string): string | undefined {
  return text.startsWith("file:") && !/[?#]/u.test(text) && text.length > "file:".length
    ? text.slice("file:".length)
    : undefined;
}

/** Every setting under its name in the environment. */
export const settings = z.object({
  DISCORD_TOKEN: optional(
    written(parseToken, "is not a token: copy it whole and alone, without quotes, blanks or the word Bot"),
    {
      about:
        "Token of your bot, from https://discord.com/developers/applications → your application → Bot → Reset Token.",
      secret: true,
    },
  ),
  DISCORD_TOKEN_FILE: optional(path, {
    about: "File that holds the token, instead of DISCORD_TOKEN (Docker secrets, systemd credentials).",
    example: "/run/secrets/discord_token",
  }),
  DISCORD_API_URL: optional(written(parseHttpUrl, "write an address such as http://127.0.0.1:8080/api"), {
    about: "Another address for Discord's REST API, such as a proxy or a local server for tests.",
    example: "http://127.0.0.1:8080/api",
  }),
  COMMAND_PREFIX: setting(
    written(
      (text) => (/^[^\s/@#<]{1,5}$/u.test(text) ? text : undefined),
      "write one to five characters without blanks, /, @, # or <",
    ),
    { about: "What typed commands begin with.", fallback: "?", example: "!" },
  ),
  PREFIX_COMMANDS: setting(yesOrNo, {
    about:
      "Answer typed commands too, not slash commands alone. Needs the Message Content switch of your application.",
    fallback: "true",
  }),
  DEFAULT_LANGUAGE: setting(z.enum(LANGUAGE_CODES, { error: `write one of ${LANGUAGE_CODES.join(", ")}` }), {
    about:
      "Language where neither a server nor a person's Discord says one of ours, and of messages to the owners: `en` or `de`. The log stays English.",
    fallback: "en",
    example: "de",
  }),
  OWNER_IDS: optional(snowflakes, {
    about: "Discord user IDs of the bot's owners. Not set: the owner or team of the application.",
    example: "123456789012345678,234567890123456789",
  }),
  OWNER_NOTICES: setting(yesOrNo, {
    about:
      "Tell the owners in a direct message, at most once a day for each kind, when cache or disk are nearly full, songs cannot be stored or the database had to be brought back.",
    fallback: "true",
  }),
  CACHE_ADMIN_GUILDS: optional(snowflakes, {
    about:
      "Server IDs whose administrators may clean the cache, which all servers share. A bot that serves one server needs no entry.",
    example: "123456789012345678",
  }),
  CACHE_DIR: setting(path, { about: "Folder of the cache.", fallback: "cache", example: "/srv/encore" }),
  CACHE_LIMIT: setting(
    written((text) => parseSizeBytes(text) || undefined, "write a size such as 512MB or 10GiB"),
    { about: "Most bytes the kept songs may take.", fallback: "8GiB", example: "50GiB" },
  ),
  CACHE_FREE_DISK_FLOOR: setting(size, {
    about: "Free space that is always left on the disk of the cache.",
    fallback: "1GiB",
  }),
  CACHE_MAX_TRACK_DURATION: setting(
    written((text) => parseDurationMs(text) || undefined, "write a duration such as 45m or 3h"),
    { about: "Longest song that is downloaded.", fallback: "3h", example: "45m" },
  ),
  CACHE_AUTO_CLEANUP: setting(yesOrNo, {
    about: "Clean up by itself: down to the limit after a song was added, and by age every night.",
    fallback: "true",
  }),
  CACHE_EVICTION: setting(z.enum(["gdsf", "lru"], { error: "write gdsf or lru" }), {
    about:
      "What goes first when the cache is full: `gdsf` weighs plays, age and size (GreedyDual-Size-Frequency), `lru` is the least recently played.",
    fallback: "gdsf",
  }),
  CACHE_STATISTICS_DAYS: setting(wholeNumber(31, 36_500, "days"), {
    about: "A clean-up forgets plays older than this many days. Hit rates look 30 days back.",
    fallback: "400",
  }),
  CACHE_RETENTION_DAYS: setting(wholeNumber(1, 36_500, "days"), {
    about: "A clean-up removes songs not played for this many days.",
    fallback: "90",
  }),
  CACHE_KEEP_SOURCE: setting(yesOrNo, {
    about:
      "Keep each download as long as a file of its song, so that another profile needs no second download. Comes on top of CACHE_LIMIT, about as much again.",
    fallback: "false",
  }),
  PREFETCH_PER_DAY: setting(wholeNumber(0, 100_000, "songs"), {
    about:
      "Songs of the queues that may be fetched in a day before it is their turn; one at a time, and none while the source is limiting the bot. 0: none.",
    fallback: "300",
    example: "0",
  }),
  DATABASE_URL: setting(
    written(parseDatabaseUrl, "write file: and a path, such as file:data/encore.sqlite"),
    {
      about: "Database, as `file:` and the path of a SQLite file. Keep it on a local disk.",
      fallback: "file:data/encore.sqlite",
    },
  ),
  AUDIO_PROFILE: setting(z.enum(PROFILE_NAMES, { error: `write one of ${PROFILE_NAMES.join(", ")}` }), {
    about:
      "Sound of the songs: `standard`; `quiet`, 6 LU below it; `night`, as quiet and with narrowed dynamics for low volumes; `raw`, as loud as the source. Each keeps its own files.",
    fallback: "standard",
  }),
  LOUDNESS_TARGET_LUFS: setting(number(-30, -8, "LUFS"), {
    about:
      "Loudness that `standard` brings every song to, in LUFS (EBU R 128). Another value keeps another set of files.",
    fallback: "-14",
    example: "-18",
  }),
  TRUE_PEAK_CEILING_DBTP: setting(number(-9, 0, "dBTP"), {
    about: "Highest true peak of a song, in dBTP. In `raw` it is 0.",
    fallback: "-1",
  }),
  OPUS_BITRATE_KBPS: setting(wholeNumber(32, 256, "kbit/s"), {
    about: "Bit rate of the kept files, in kbit/s.",
    fallback: "128",
    example: "96",
  }),
  FFMPEG_PATH: optional(path, {
    about: "Path of ffmpeg. Not set: the one on PATH.",
    example: "/usr/local/bin/ffmpeg",
  }),
  YTDLP_PATH: optional(path, {
    about: "Path of yt-dlp. Not set: the one of `npm run setup`, then the one on PATH.",
    example: "/usr/local/bin/yt-dlp",
  }),
  EXTRACTORS: setting(
    written(parseExtractors, `write one or more of ${EXTRACTOR_NAMES.join(", ")}, separated by commas`),
    {
      about: "What fetches from YouTube, tried in this order: `yt-dlp`, `youtubei`, `ytdl-core`.",
      fallback: "yt-dlp,youtubei",
    },
  ),
  MORE_SOURCES: optional(
    written(parseSites, `write one or both of ${SITES.join(", ")}, separated by commas`),
    { about: "Further sites whose links may be played, through yt-dlp.", example: "soundcloud,bandcamp" },
  ),
  SOURCE_PROXY: optional(written(parseProxy, "write an address such as http://user:password@proxy:3128"), {
    about:
      "HTTP proxy for everything that is fetched from sources. SSL_CERT_FILE and NODE_EXTRA_CA_CERTS are passed on to the extractors.",
    example: "http://127.0.0.1:3128",
    secret: true,
  }),
  DIRECT_HOSTS: optional(
    written(
      (text) => parseList(text.toLowerCase(), isHostName),
      "write hosts such as media.lan or 192.168.1.20:8096, separated by commas",
    ),
    {
      about:
        "Hosts whose audio links may be played although they are not public, such as a media server at home: `host` or `host:port`.",
      example: "media.lan,192.168.1.20:8096",
    },
  ),
  SERVICE_URLS: optional(
    written(
      parseServiceUrls,
      `write name=address, separated by commas; names are ${SERVICE_NAMES.join(", ")}`,
    ),
    {
      about:
        "Other addresses for services that are asked for names of songs, suggestions, lyrics and segments, such as mirrors or local servers for tests.",
      example: "deezer=https://deezer.example,lrclib=http://127.0.0.1:3300",
    },
  ),
  LOG_LEVEL: setting(
    z.enum(["debug", "info", "warn", "error"], { error: "write debug, info, warn or error" }),
    {
      about: "Least important events that are logged: `debug`, `info`, `warn` or `error`.",
      fallback: "info",
    },
  ),
  LOG_FORMAT: setting(z.enum(["auto", "pretty", "json"], { error: "write auto, pretty or json" }), {
    about: "How events are logged; `auto` is `pretty` on a terminal and `json` lines elsewhere.",
    fallback: "auto",
  }),
});

/** All settings, each with its parsed value. */
export type Settings = z.output<typeof settings>;

/**
 * Names promised for features that are not there yet. Not documented, so that nothing is documented that does
 * nothing, and not taken for misspellings either.
 */
export const RESERVED_NAMES: readonly string[] = ["HTTP_LISTEN", "HTTP_TOKEN"];

/** The table of all settings in the order in which they are explained. */
export function describeSettings(): readonly SettingDescription[] {
  return Object.entries(settings.shape).map(([name, schema]) => {
    const note = notes.get(schema);
    return {
      name,
      description: note?.about ?? "",
      default: note?.fallback,
      example: note?.example,
      secret: note?.secret ?? false,
    };
  });
}
