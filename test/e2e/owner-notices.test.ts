import * as path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { flipPages } from "../db/damage.ts";
import type { BotProcess } from "../sandbox/bot-process.ts";
import type { Person } from "../sandbox/discord/person.ts";
import type { Song } from "../sandbox/media/catalogue.ts";
import { Stage } from "../sandbox/stage.ts";
import { furnish } from "./actions.ts";

let stage: Stage;
let owner: Person;
let song: Song;

beforeEach(async () => {
  // No disk has so much room, so that nothing is stored.
  stage = await Stage.set({ env: { CACHE_FREE_DISK_FLOOR: "9999TB" } });
  owner = furnish(stage).ann;
  stage.discord.makeOwner(owner);
  song = await stage.media.addSong({ title: "Homeless", durationMs: 1_000 });
});
afterEach(() => stage[Symbol.asyncDispose]());

/** Plays the song to its end, unstored. */
async function play(bot: BotProcess): Promise<void> {
  const before = bot.named("player.finished").length;
  owner.says("general", `?play ${song.url}`);
  await bot.event("player.finished", { count: before + 1 });
}

it("a song that cannot be stored is told to the owner in a direct message, once, whatever restarts", async () => {
  const bot = await stage.startBot();
  await play(bot);
  await bot.event("owners.told");
  await play(bot);
  expect(bot.named("cache.unstored")).toHaveLength(2);
  await bot.stop();
  const again = await stage.startBot();
  await play(again);
  expect(again.named("cache.unstored")).toHaveLength(1);
  expect(await again.stop()).toBe(0);
  expect(again.named("owners.told")).toEqual([]);
  expect(owner.received).toHaveLength(1);
  const [message] = owner.received;
  expect(message?.text).toContain("There is no room to store new songs");
  expect(message?.text).toContain("OWNER_NOTICES=false");
});

it("an owner who takes no direct messages is left alone; the log says why", async () => {
  owner.takesDirectMessages(false);
  const bot = await stage.startBot();
  await play(bot);
  await bot.event("owners.closed");
  await play(bot);
  await bot.stop();
  expect(owner.received).toEqual([]);
  expect(stage.discord.refusals.filter(({ code }) => code === 50_007)).toHaveLength(1);
});

it("nothing is sent when the operator switched it off", async () => {
  const bot = await stage.startBot({ OWNER_NOTICES: "off" });
  await play(bot);
  await bot.event("owners.notice");
  await bot.stop();
  expect(owner.received).toEqual([]);
});

it("a database that was damaged at the start is told when the bot has logged in", async () => {
  const first = await stage.startBot();
  await first.event("database.backed_up");
  await first.stop();
  await flipPages(path.join(stage.directory, "data", "encore.sqlite"));
  const bot = await stage.startBot();
  await bot.event("owners.told");
  expect(owner.received.map(({ text }) => text).join()).toContain("The database was damaged");
});
