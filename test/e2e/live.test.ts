// Songs that play while they are downloaded, through the real bot.
import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import type { BotProcess, LogEvent } from "../sandbox/bot-process.ts";
import type { Song } from "../sandbox/media/catalogue.ts";
import type { Stage } from "../sandbox/stage.ts";
import { furnish, hears, measure, onStage, says } from "./actions.ts";

let stage: Stage;
let bot: BotProcess;

onStage(async (ready) => {
  stage = ready;
  bot = await stage.startBot();
});

const about = ({ id }: Song): { matches: (event: LogEvent) => boolean } => ({
  matches: (event) => event["id"] === id || event["key"] === id,
});

/** Process ids of all that the bot has started and that still run. */
async function children(): Promise<string> {
  return (await readFile(`/proc/${bot.pid}/task/${bot.pid}/children`, "utf8")).trim();
}

describe("a song that takes long to come", () => {
  it("plays while it is still being downloaded, and a skip leaves nothing of it", async () => {
    const { guild, ann } = furnish(stage);
    const song = await stage.media.addSong({ title: "Long", durationMs: 120_000, frequencyHz: 392 });
    stage.media.setFaults(song.id, { throttleBytesPerSecond: 25_000 });
    ann.says("general", `?play ${song.url}`);
    await hears(stage, guild, 100);
    // All of it takes a minute to come.
    expect(bot.named("cache.published", about(song).matches)).toEqual([]);
    await says(stage, guild, "playing while it downloads");
    expect(await children()).not.toBe("");
    const sound = await measure(stage, guild.heard);
    expect(Math.abs(sound.dominantFrequencyHz - 392)).toBeLessThan(1.5);
    ann.says("general", "?skip");
    await bot.event("player.finished", about(song));
    await expect.poll(children, { timeout: 10_000 }).toBe("");
    await expect.poll(() => stage.workFiles(), { timeout: 10_000 }).toEqual([]);
    expect(await stage.cachedFiles()).toEqual([]);
  });

  it("stands still where its source does, goes on there, and is the stored file the next time", async () => {
    const { guild, ann } = furnish(stage);
    const song = await stage.media.addSong({ title: "Halting", durationMs: 16_000 });
    // The extractor waits ten seconds for a server that is silent, and then asks it for the rest.
    stage.media.setFaults(song.id, { stallAtByte: Math.floor(song.bytes * 0.4), times: 1 });
    ann.says("general", `?play ${song.url}`);
    await hears(stage, guild, 50);
    expect(bot.named("cache.published", about(song).matches)).toEqual([]);
    const end = await bot.event("player.finished", about(song));
    expect(end["reason"]).toBe("finished");
    expect(Math.abs(guild.heard.durationMs - song.durationMs)).toBeLessThanOrEqual(60);
    expect(guild.heard.lost).toBe(0);
    await bot.event("cache.published", about(song));
    ann.says("general", `?play ${song.url}`);
    await hears(stage, guild);
    expect(bot.named("cache.hit", about(song).matches)).toHaveLength(1);
    ann.says("general", "?stop");
    await bot.event("player.finished", { ...about(song), count: 2 });
  });
});
