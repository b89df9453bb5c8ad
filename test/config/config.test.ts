import path from "node:path";
import { PROFILE_NAMES } from "../../src/core/audio-profiles.ts";
import { inspect } from "node:util";
import { expect, test } from "vitest";
import { loadConfig, requireToken, secretValues } from "../../src/config/config.ts";
import type { ConfigFiles } from "../../src/config/config.ts";
import { AppError } from "../../src/core/errors.ts";

const root = path.resolve("/srv/encore");

function files(texts: Readonly<Record<string, string>> = {}, mode?: number): ConfigFiles {
  return {
    root,
    readText(file) {
      const text = texts[file];
      if (text === undefined) throw Object.assign(new Error("no such file"), { code: "ENOENT" });
      return text;
    },
    mode: () => mode,
  };
}

function problemsOf(environment: NodeJS.ProcessEnv, texts: Readonly<Record<string, string>> = {}): string {
  try {
    loadConfig(environment, files(texts));
  } catch (error) {
    if (error instanceof AppError && error.code === "CONFIG_INVALID") return error.message;
    throw error;
  }
  throw new Error("the configuration was accepted");
}

test("an empty environment gives the documented defaults and absolute paths", () => {
  const { config, warnings } = loadConfig({}, files());
  expect(warnings).toEqual([]);
  expect(config.discord).toEqual({
    token: undefined,
    apiUrl: undefined,
    commandPrefix: "?",
    prefixCommands: true,
    defaultLanguage: "en",
    ownerIds: [],
    ownerNotices: true,
    cacheAdminGuildIds: [],
  });
  expect(config.cache).toEqual({
    directory: path.join(root, "cache"),
    limitBytes: 8 * 2 ** 30,
    freeDiskFloorBytes: 2 ** 30,
    maxTrackDurationMs: 3 * 3_600_000,
    autoCleanup: true,
    eviction: "gdsf",
    retentionDays: 90,
    statisticsDays: 400,
    keepSource: false,
    prefetchPerDay: 300,
  });
  expect(config.database.path).toBe(path.join(root, "data", "encore.sqlite"));
  expect(config.sources.toolsDirectory).toBe(path.join(root, "data", "tools"));
  expect(config.audio.profile).toMatchObject({
    name: "standard",
    loudnessTargetLufs: -14,
    truePeakCeilingDbtp: -1,
    bitrateKbps: 128,
  });
  expect(config.sources.extractors).toEqual(["yt-dlp", "youtubei"]);
  expect(config.logging).toEqual({ level: "info", format: "auto" });
});

test("every problem is shown at once, aligned, with its cure", () => {
  const text = problemsOf({
    CACHE_LIMIT: "8",
    CACHE_RETENTION_DAYS: "0",
    PREFIX_COMMANDS: "perhaps",
    EXTRACTORS: "youtube-dl",
  });
  expect(text).toBe(
    [
      "Configuration has 4 problems:",
      "  PREFIX_COMMANDS        write true or false",
      "  CACHE_LIMIT            write a size such as 512MB or 10GiB",
      "  CACHE_RETENTION_DAYS   write a whole number of days from 1 to 36500",
      "  EXTRACTORS             write one or more of yt-dlp, youtubei, ytdl-core, separated by commas",
      "Fix .env, then start again. All settings: .env.example",
    ].join("\n"),
  );
});

test.each([
  ["DISCORD_TOKEN", "Bot abc"],
  ["DISCORD_TOKEN", "two\nlines"],
  ["DISCORD_API_URL", "discord.com"],
  ["COMMAND_PREFIX", "/"],
  ["DEFAULT_LANGUAGE", "klingon"],
  ["OWNER_IDS", "me"],
  ["CACHE_LIMIT", "0GiB"],
  ["CACHE_MAX_TRACK_DURATION", "0h"],
  ["DATABASE_URL", "postgres://localhost/encore"],
  ["AUDIO_PROFILE", "loud"],
  ["LOUDNESS_TARGET_LUFS", "14"],
  ["TRUE_PEAK_CEILING_DBTP", "1"],
  ["OPUS_BITRATE_KBPS", "12.5"],
  ["EXTRACTORS", ","],
  ["SOURCE_PROXY", "proxy:3128"],
  ["DIRECT_HOSTS", "http://nas/"],
  ["LOG_LEVEL", "loud"],
  ["LOG_FORMAT", "xml"],
])("refuses %s=%j", (name, text) => {
  expect(problemsOf({ [name]: text })).toContain(`Configuration has 1 problem:\n  ${name}   `);
});

test("a blank variable is the same as none", () => {
  expect(loadConfig({ CACHE_LIMIT: "  ", DISCORD_TOKEN: "" }, files()).config.cache.limitBytes).toBe(
    8 * 2 ** 30,
  );
});

test("the token is read from its file and trimmed", () => {
  const texts = { [path.join(root, "token.txt")]: "abc.def.ghi\n" };
  const { config } = loadConfig({ DISCORD_TOKEN_FILE: "token.txt" }, files(texts));
  expect(config.discord.token?.reveal()).toBe("abc.def.ghi");
});

test.each([
  [{ DISCORD_TOKEN: "abc", DISCORD_TOKEN_FILE: "token.txt" }, "set either this or DISCORD_TOKEN, not both"],
  [{ DISCORD_TOKEN_FILE: "missing.txt" }, "missing.txt cannot be read (ENOENT)"],
  [{ DISCORD_TOKEN_FILE: "empty.txt" }, "empty.txt is empty: put the token into it"],
])("says what is wrong with the token file: %j", (environment, cure) => {
  const texts = { [path.join(root, "token.txt")]: "abc", [path.join(root, "empty.txt")]: "\n" };
  expect(problemsOf(environment, texts)).toContain(cure);
});

test("no way of printing the configuration shows the token or the proxy's password", () => {
  const environment = { DISCORD_TOKEN: "tok.en.value", SOURCE_PROXY: "http://me:pass-word@proxy:3128" };
  const { config } = loadConfig(environment, files());
  const shown = JSON.stringify(config) + inspect(config, { depth: null, showHidden: true });
  expect(shown).not.toMatch(/tok\.en|pass-word/u);
  expect(config.sources.proxyUrl?.reveal()).toBe("http://me:pass-word@proxy:3128");
  expect(secretValues(config)).toEqual(["tok.en.value", "pass-word"]);
});

test("no problem repeats the value of a secret", () => {
  expect(problemsOf({ DISCORD_TOKEN: "se cret", SOURCE_PROXY: "secret" })).not.toMatch(/se ?cret/u);
});

test("the configuration cannot be changed", () => {
  const { config } = loadConfig({ OWNER_IDS: "12345678901234567" }, files());
  expect(() => Object.assign(config.cache, { limitBytes: 1 })).toThrow(TypeError);
  expect(() => (config.discord.ownerIds as string[]).push("x")).toThrow(TypeError);
});

test("misspelt names and a readable .env are warned about; reserved names are not", () => {
  const { warnings } = loadConfig({ CACHE_LIMTI: "1GiB", HTTP_LISTEN: ":80" }, files({}, 0o100_644));
  expect(warnings).toEqual([
    "CACHE_LIMTI is not a setting: did you mean CACHE_LIMIT?",
    "Other users of this machine can read .env. Run: chmod 600 .env",
  ]);
  expect(loadConfig({}, files({}, 0o100_600)).warnings).toEqual([]);
});

test.each(PROFILE_NAMES)("the profile may be %s", (name) => {
  const { audio } = loadConfig({ AUDIO_PROFILE: name }, files()).config;
  expect(audio.profile).toBe(audio.profiles[name]);
});

test("another loudness target is another profile", () => {
  const quiet = loadConfig({ LOUDNESS_TARGET_LUFS: "-23" }, files()).config.audio.profile;
  expect(quiet.id).not.toBe(loadConfig({}, files()).config.audio.profile.id);
});

test("a program's bare name is left to PATH, a path belongs to the root", () => {
  const { config } = loadConfig({ FFMPEG_PATH: "tools/ffmpeg", YTDLP_PATH: "yt-dlp" }, files());
  expect(config.audio.ffmpegPath).toBe(path.join(root, "tools", "ffmpeg"));
  expect(config.sources.ytdlpPath).toBe("yt-dlp");
});

test("a missing token is one sentence that names the way to get one and the demo", () => {
  const { config } = loadConfig({}, files());
  expect(() => requireToken(config)).toThrow(/discord\.com\/developers.*npm run demo/u);
  expect(requireToken(loadConfig({ DISCORD_TOKEN: "abc" }, files()).config).reveal()).toBe("abc");
});

function serviceUrls(text: string): unknown {
  return loadConfig({ SERVICE_URLS: text }, files()).config.sources.serviceUrls;
}

test("services can be elsewhere, each by its name", () => {
  expect(serviceUrls("deezer=https://deezer.example/api/, short-links=http://127.0.0.1:8080")).toEqual({
    deezer: "https://deezer.example/api",
    "short-links": "http://127.0.0.1:8080",
  });
  expect(serviceUrls("")).toEqual({});
  for (const wrong of ["deezer", "deezer=", "napster=https://x.example", "deezer=file:///etc/passwd"])
    expect(problemsOf({ SERVICE_URLS: wrong })).toContain("write name=address");
});
