import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BotProcess } from "../sandbox/bot-process.ts";
import type { Song } from "../sandbox/media/catalogue.ts";
import { Stage } from "../sandbox/stage.ts";
import { furnish, hears, type Room, says } from "./actions.ts";
import { childrenOf, untilChildren, zombiesOf } from "./children.ts";

const ROOT = path.join(import.meta.dirname, "../..");

let stage: Stage;
let room: Room;
let song: Song;

beforeEach(async () => {
  stage = await Stage.set();
  room = furnish(stage);
  song = await stage.media.addSong({ title: "Held up", durationMs: 3000 });
});
afterEach(() => stage[Symbol.asyncDispose]());

/** A stand-in that prepares songs for ever and ignores SIGTERM, as `exec` hands that on. */
async function stubbornFfmpeg(): Promise<string> {
  const file = path.join(stage.directory, "ffmpeg");
  const script = `#!/bin/sh
trap '' TERM
case "$*" in *${stage.cacheDirectory}*) exec tail -f "${file}";; *) exec ffmpeg "$@";; esac
`;
  await writeFile(file, script);
  await chmod(file, 0o755);
  return file;
}

const DOWNLOADING = ["yt-dlp waits for the network", "yt-dlp ignores SIGTERM"] as const;
const NORMALIZING = "ffmpeg ignores SIGTERM" as const;
type Trouble = (typeof DOWNLOADING)[number] | typeof NORMALIZING;

/** A bot in the midst of preparing the song. */
async function preparing(trouble: Trouble): Promise<BotProcess> {
  const env = trouble.startsWith("ffmpeg") ? { FFMPEG_PATH: await stubbornFfmpeg() } : {};
  if (trouble === "yt-dlp waits for the network") stage.media.setFaults(song.id, { stallAtByte: 9_000 });
  const bot = await stage.startBot(env);
  if (trouble === "yt-dlp ignores SIGTERM")
    await stage.media.setExtractor({ hangs: "download", ignoresSigterm: true });
  room.ann.says("general", `?play ${song.url}`);
  const program = trouble.startsWith("ffmpeg") ? "tail -f" : "yt-dlp";
  await bot.event("cache.miss");
  for (let seen: string[] = []; !seen.some((line) => line.includes(program));)
    seen = await untilChildren(stage, "some");
  return bot;
}

/** Puts right whatever was wrong. */
async function heal(): Promise<void> {
  stage.media.setFaults(song.id, {});
  await stage.media.setExtractor({});
}

async function expectNothingLeft(bot: BotProcess): Promise<void> {
  expect(await bot.stop()).toBe(0);
  expect(await childrenOf(stage)).toEqual([]);
  expect(bot.named("stopping_too_slow")).toEqual([]);
  expect(await stage.workFiles()).toEqual([]);
  expect(await stage.cachedFiles()).toEqual([]);
}

describe.each(DOWNLOADING)("while %s", (trouble) => {
  it("skip, stop and SIGTERM leave no process and no scratch file", async () => {
    const bot = await preparing(trouble);
    // A stop counts as soon as a song was asked for, a skip when there is one.
    await says(stage, room.guild, "not in the cache yet");
    for (const command of ["?skip", "?stop"]) {
      room.ann.says("general", command);
      await untilChildren(stage, "none");
      expect(await zombiesOf(bot.pid)).toEqual([]);
      room.ann.says("general", `?play ${song.url}`);
      await untilChildren(stage, "some");
    }
    await expectNothingLeft(bot);
  });
});

describe(`while ${NORMALIZING}`, () => {
  it("a skip lets it finish for the next time, and SIGTERM leaves nothing", async () => {
    const bot = await preparing(NORMALIZING);
    room.ann.says("general", "?skip");
    await says(stage, room.guild, "Cancelled");
    expect(await childrenOf(stage)).not.toEqual([]);
    await expectNothingLeft(bot);
  });
});

describe.each<Trouble>([...DOWNLOADING, NORMALIZING])("while %s", (trouble) => {
  it("SIGKILL of the bot takes them along; the next start sweeps and plays", async () => {
    const bot = await preparing(trouble);
    await bot.stop("SIGKILL");
    await untilChildren(stage, "none");
    expect(await stage.workFiles()).not.toEqual([]);
    await heal();
    const next = await stage.startBot();
    expect(next.named("cache.swept")).toHaveLength(1);
    expect(await stage.workFiles()).toEqual([]);
    room.ann.says("general", `?play ${song.url}`);
    await hears(stage, room.guild);
    expect(await next.stop()).toBe(0);
    expect(await stage.workFiles()).toEqual([]);
  });
});

describe("a bot that plays", () => {
  it("has no child left by then, leaves voice and ends with 0 at SIGTERM", async () => {
    const bot = await stage.startBot();
    const lasting = await stage.media.addSong({ title: "Lasting", durationMs: 40_000 });
    room.ann.says("general", `?play ${lasting.url}`);
    await hears(stage, room.guild);
    await bot.event("cache.published");
    await untilChildren(stage, "none");
    expect(await zombiesOf(bot.pid)).toEqual([]);
    expect(await bot.stop()).toBe(0);
    await stage.discord.until(() => !room.guild.botVoiceChannel, { what: "the bot leaves voice" });
    await says(stage, room.guild, "Kept for later");
  });
});

describe("a bot that cannot start", () => {
  it("obeys SIGTERM while Discord's gateway refuses it", async () => {
    stage.discord.gateway.refusesConnections = true;
    await using bot = BotProcess.launch({ env: stage.botEnv });
    const asks = (): boolean =>
      stage.discord.rest.requests.some((request) => request.path === "/gateway/bot");
    await stage.discord.until(asks, { what: "the bot asks for the gateway", timeoutMs: 20_000 });
    expect(await bot.stop()).toBe(0);
  });

  it("says so in one sentence when Discord cannot be reached", async () => {
    await using bot = BotProcess.launch({
      env: { ...stage.botEnv, DISCORD_API_URL: "http://127.0.0.1:9/api" },
    });
    expect(await bot.exit()).toBe(1);
    expect(bot.stderr).toContain("Discord cannot be reached.");
    expect(bot.stderr).not.toMatch(/\n\s+at /u);
  });
});

/** npm and everything below it, as one group that can be ended whatever happens. */
function npmStart(env: Readonly<Record<string, string>>): ChildProcess {
  const { PATH = "", HOME = "" } = process.env;
  const nodeFirst = `${path.dirname(process.execPath)}${path.delimiter}${PATH}`;
  return spawn("npm", ["start", "--silent"], {
    cwd: ROOT,
    env: { PATH: nodeFirst, HOME, LOG_FORMAT: "json", ...env },
    stdio: ["ignore", "pipe", "ignore"],
    detached: true,
  });
}

describe("npm start", () => {
  it("hands SIGTERM on and returns the bot's exit code", async () => {
    const npm = npmStart(stage.botEnv);
    const exited = once(npm, "exit");
    try {
      for await (const line of createInterface({ input: npm.stdout! })) if (line.includes('"ready"')) break;
      npm.stdout!.resume();
      npm.kill("SIGTERM");
      expect(await exited).toEqual([0, null]);
      expect(stage.discord.botIsOnline).toBe(false);
    } finally {
      if (npm.exitCode === null) process.kill(-npm.pid!, "SIGKILL");
    }
  });

  it("returns 5 without a token", async () => {
    const npm = npmStart({ ...stage.botEnv, DISCORD_TOKEN: "" });
    npm.stdout!.resume();
    expect(await once(npm, "exit")).toEqual([5, null]);
  });
});
