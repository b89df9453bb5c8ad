// A radio through the real bot: by what runs for it, and by what its listeners can do.
import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import type { BotProcess } from "../sandbox/bot-process.ts";
import type { Guild } from "../sandbox/discord/guild.ts";
import type { Song } from "../sandbox/media/catalogue.ts";
import type { Stage } from "../sandbox/stage.ts";
import { answerTo, furnish, hears, measure, onStage, says } from "./actions.ts";

let stage: Stage;
let bot: BotProcess;

onStage(
  async (ready) => {
    stage = ready;
    bot = await stage.startBot();
  },
  { env: { DIRECT_HOSTS: "127.0.0.1" } },
);

/** Process ids of all that the bot has started and that still run. */
async function children(): Promise<string[]> {
  const pids = await readFile(`/proc/${bot.pid}/task/${bot.pid}/children`, "utf8");
  return pids.split(" ").filter((pid) => pid.trim() !== "");
}

async function expectTone(guild: Guild, frequencyHz: number): Promise<void> {
  const heard = await measure(stage, guild.heard);
  expect(Math.abs(heard.dominantFrequencyHz - frequencyHz)).toBeLessThan(2);
}

const station = (title: string, frequencyHz: number): Promise<Song> =>
  stage.media.addSong({ title, frequencyHz, durationMs: 8_000, loudnessLufs: -20 });

describe("a radio", () => {
  it("is fetched and coded once for all guilds, from the first to the last", async () => {
    const song = await station("Radio Attic", 392);
    const rooms = [1, 2, 3].map((number) => furnish(stage, { name: `Listeners ${number}` }));
    const [first, ...others] = rooms;
    first!.ann.says("general", `?play ${song.radioUrl}`);
    await hears(stage, first!.guild, 50);
    for (const { ann } of others) await ann.uses("general", "play", { query: song.radioUrl });
    await Promise.all(others.map(({ guild }) => hears(stage, guild, 100)));
    for (const { guild } of rooms) await expectTone(guild, 392);
    // One listens; who asked for the link looked at it before.
    expect(stage.media.counters(song.id).liveRequests).toBe(1 + rooms.length);
    expect(await children()).toHaveLength(2);
    await says(stage, first!.guild, "🔴 live");

    for (const { ann } of others) ann.says("general", "?stop");
    await bot.event("player.finished", { count: 2 });
    await hears(stage, first!.guild, 50);
    expect(await children()).toHaveLength(2);
    first!.ann.says("general", "?stop");
    await bot.event("player.finished", { count: 3 });
    await expect.poll(children, { timeout: 10_000 }).toEqual([]);
    expect(await stage.cachedFiles()).toEqual([]);
  });

  it.each(["prefix", "slash"] as const)(
    "has no positions to go to, by %s, and goes on live after a pause",
    async (surface) => {
      const { guild, ann } = furnish(stage);
      const song = await station(`Radio ${surface}`, 523);
      const doing = { ann, surface } as const;
      await answerTo(stage, { ...doing, name: "play", values: { query: song.radioUrl } });
      await hears(stage, guild, 20);
      const seek = { ...doing, name: "seek", values: { position: "0:30" } };
      expect(await answerTo(stage, seek)).toBe("This is a live stream: it can only be heard as it comes.");
      await answerTo(stage, { ...doing, name: "pause" });
      await answerTo(stage, { ...doing, name: "resume" });
      await hears(stage, guild, 20);
      await answerTo(stage, { ...doing, name: "volume", values: { percent: 25 } });
      guild.heard.mark("soft");
      await hears(stage, guild, 150);
      expect((await measure(stage, guild.heard.part("soft"))).integratedLufs).toBeLessThan(-22);
      await answerTo(stage, { ...doing, name: "stop" });
      await expect.poll(children, { timeout: 10_000 }).toEqual([]);
    },
  );
});

it("in a file of somebody's is heard like any other, and what the file claims of songs is not kept", async () => {
  const { guild, ann } = furnish(stage);
  const [radio, song] = [await station("Radio Listed", 440), await station("Listed Song", 587)];
  const claims = { title: "Claimed", artist: "Nobody", seconds: 3_000 };
  const data = Buffer.from(
    JSON.stringify([song.directUrl, radio.radioUrl].map((link) => ({ link, ...claims }))),
  );
  const file = { filename: "x.json", contentType: "application/json", data };
  const used = await ann.uses("general", "playlist import", { file, name: "Listed" });
  await stage.discord.until(() => used.text.includes("2 songs"), { what: "it is read" });
  await ann.uses("general", "playlist play", { name: "Listed" });
  await bot.event("cache.published", { count: 1 });
  ann.says("general", "?skip");
  guild.heard.mark("radio");
  await says(stage, guild, "🔴 live");
  await stage.discord.until(() => guild.heard.part("radio").packets.length > 200, { what: "the radio" });
  expect((await measure(stage, guild.heard.part("radio"))).dominantFrequencyHz).toBeCloseTo(440, -1);
  ann.says("general", "?stop");
  await expect.poll(children, { timeout: 10_000 }).toEqual([]);
  await bot.stop();
  const kept = stage.inDatabase((db) => db.prepare("select title, artist from tracks").all());
  expect(JSON.stringify(kept)).not.toMatch(/Claimed|Nobody/u);
  bot = await stage.startBot();
});
