import { describe, expect, it } from "vitest";
import type { BotProcess } from "../sandbox/bot-process.ts";
import type { Stage } from "../sandbox/stage.ts";
import { furnish, measure, onStage } from "./actions.ts";

const GUILDS = 20;

let stage: Stage;
let bot: BotProcess;

onStage(async (ready) => {
  stage = ready;
  bot = await stage.startBot();
});

describe("many guilds that ask for one song in the same instant", () => {
  it("cause one download, and every one of them hears it", async () => {
    const rooms = Array.from({ length: GUILDS }, (_, index) => furnish(stage, { name: `Guild ${index}` }));
    const song = await stage.media.addSong({ title: "Wanted by all", frequencyHz: 587, durationMs: 3000 });
    for (const { ann } of rooms) ann.says("general", `?play ${song.url}`);
    await bot.event("player.finished", { count: GUILDS });

    expect(stage.media.counters(song.id)).toMatchObject({ requests: 1, bytesSent: song.bytes });
    const calls = await stage.media.extractorCalls();
    expect(calls.filter(({ args }) => args.includes(song.url) && !args.includes("-J"))).toHaveLength(1);
    expect(bot.named("cache.miss")).toHaveLength(1);
    expect(bot.named("cache.shared")).toHaveLength(GUILDS - 1);
    expect(bot.named("cache.published")).toHaveLength(1);
    expect(await stage.cachedFiles()).toHaveLength(1);
    for (const { guild } of rooms) {
      expect(guild.heard.lost).toBe(0);
      expect(Math.abs(guild.heard.durationMs - song.durationMs)).toBeLessThanOrEqual(60);
      const { dominantFrequencyHz } = await measure(stage, guild.heard);
      expect(Math.round(dominantFrequencyHz)).toBe(587);
    }
  });
});
