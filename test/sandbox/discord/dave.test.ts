import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runPlainBot } from "./fixtures/run-bot.ts";
import type { PlainBot } from "./fixtures/run-bot.ts";
import { writeTone } from "./fixtures/tone.ts";
import type { Guild } from "./guild.ts";
import { startLocalDiscord } from "./local-discord.ts";
import type { LocalDiscord } from "./local-discord.ts";
import type { Person } from "./person.ts";
import { describeSound } from "./sound.ts";

const FREQUENCY_HZ = 587;
let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dave-"));
  await writeTone(join(folder, "song.ogg"), { frequencyHz: FREQUENCY_HZ, durationMs: 4000 });
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

interface Scene extends AsyncDisposable {
  readonly discord: LocalDiscord;
  readonly guild: Guild;
  readonly ann: Person;
  readonly bot: PlainBot;
}

/** Ann in an encrypted call, and a bot that was asked to play there. */
async function scene(env: Readonly<Record<string, string>> = {}): Promise<Scene> {
  const discord = await startLocalDiscord({ dave: true });
  const guild = discord.addGuild({ name: "Attic" });
  const ann = guild.addPerson({ name: "Ann" });
  ann.joinVoice("Lounge");
  const bot = runPlainBot(discord, { TONE_FILE: join(folder, "song.ogg"), ...env });
  const stop = async (): Promise<void> => {
    await bot.stop();
    await discord.close();
  };
  await discord.until(() => bot.told.some(({ event }) => event === "ready"), { what: "ready" });
  ann.says("general", "?join");
  return { discord, guild, ann, bot, [Symbol.asyncDispose]: stop };
}

/** Waits for twenty more packets that listeners understand. */
async function moreIsHeard({ discord, guild, bot }: Scene): Promise<void> {
  const before = guild.heard.sounding.length;
  await discord.until(() => guild.heard.sounding.length > before + 20, {
    what: `more sound ${bot.complaints()} ${JSON.stringify(bot.told)}`,
  });
}

test("listeners with their own keys hear the song", async () => {
  await using stage = await scene();
  await moreIsHeard(stage);
  await stage.discord.until(() => stage.bot.told.some(({ event }) => event === "player.finished"), {
    what: "the end",
  });
  const path = join(folder, "heard.ogg");
  await stage.guild.listen("Lounge").writeOgg(path);
  expect((await describeSound(path)).dominantFrequencyHz).toBeCloseTo(FREQUENCY_HZ, 0);
  // What is sent before the welcome is plain, and no listener plays it.
  expect(stage.discord.unheardFrames(stage.guild.channel("Lounge"))).toBeLessThan(50);
  expect(stage.discord.violations).toEqual([]);
});

test("people come and go, and those who are there hear on", async () => {
  await using stage = await scene();
  await moreIsHeard(stage);
  const bob = stage.guild.addPerson({ name: "Bob" });
  bob.joinVoice("Lounge");
  await moreIsHeard(stage);
  stage.ann.leaveVoice(); // now only Bob listens
  await moreIsHeard(stage);
  bob.leaveVoice(); // the bot commits from here on
  stage.ann.joinVoice("Lounge");
  await moreIsHeard(stage);
  expect(stage.discord.violations).toEqual([]);
});

test("after a lost connection the bot is let in anew", async () => {
  await using stage = await scene();
  await moreIsHeard(stage);
  stage.discord.voice.server.disconnect(stage.guild, 4006);
  await stage.discord.until(() => stage.discord.voice.server.counts.identified === 2, {
    what: "a new session",
  });
  await moreIsHeard(stage);
  expect(stage.discord.violations).toEqual([]);
});

test("a client without this encryption is turned away with 4017", async () => {
  await using stage = await scene({ DAVE: "off" });
  const { turnedAway } = stage.discord.voice.server;
  await stage.discord.until(() => turnedAway.length, { what: "the refusal" });
  expect(turnedAway[0]).toBe(4017);
  expect(stage.guild.heard.packets).toHaveLength(0);
});
