import * as path from "node:path";
import { describe, expect, it } from "vitest";
import { packetsIn } from "../fakes/packets.ts";
import type { BotProcess } from "../sandbox/bot-process.ts";
import type { Guild } from "../sandbox/discord/guild.ts";
import type { HeardPacket } from "../sandbox/discord/recording.ts";
import type { Song } from "../sandbox/media/catalogue.ts";
import type { Stage } from "../sandbox/stage.ts";
import { answerTo, furnish, hears, measure, onStage, type Room, says } from "./actions.ts";

/** Steps of an RTP clock of 48 kHz in 20 ms. */
const SAMPLES = 960;

let stage: Stage;
let bot: BotProcess;

onStage(async (ready) => {
  stage = ready;
  bot = await stage.startBot();
});

const ended = (song: Song, count = 1): Promise<unknown> =>
  bot.event("player.finished", { count, matches: ({ id }) => id === song.id });

/** Plays a song to its end, so that it is cached, and forgets what was heard. */
async function cached({ guild, ann }: Room, title: string, durationMs: number): Promise<Song> {
  const song = await stage.media.addSong({ title, durationMs });
  ann.says("general", `?play ${song.url}`);
  await ended(song);
  await stage.discord.until(() => guild.heard.packets.at(-1)?.isSilence, { what: "silence after the song" });
  guild.heard.reset();
  return song;
}

/** The packets of a cached song as they lie in its file, from a position on. */
async function filed(song: Song, startMs = 0): Promise<string[]> {
  const name = (await stage.cachedFiles()).find((file) => file.endsWith(`/${song.id}.opus`)) ?? "none";
  const packets = await packetsIn(path.join(stage.cacheDirectory, "audio", name), startMs);
  return packets.map((packet) => packet.toString("base64"));
}

/** What was heard from the first sound to the last, silence in between included. */
function sound({ heard }: Guild): readonly HeardPacket[] {
  const sounds = heard.packets.map(({ isSilence }) => !isSilence);
  return heard.packets.slice(sounds.indexOf(true), sounds.lastIndexOf(true) + 1);
}

/** Steps of the timeline that are not one packet long. */
const jumps = (packets: readonly HeardPacket[]): number[] =>
  packets
    .slice(1)
    .map(({ timestamp }, index) => (timestamp - packets[index]!.timestamp) >>> 0)
    .filter((step) => step !== SAMPLES);

/** Without silence: a busy machine may be a frame late. */
const textsOf = (packets: readonly HeardPacket[]): string[] =>
  packets.filter(({ isSilence }) => !isSilence).map(({ opus }) => opus.toString("base64"));

describe("a song that follows another", () => {
  it("begins with the packet after the last one when it is cached", async () => {
    const room = furnish(stage);
    const first = await cached(room, "First", 2000);
    const second = await cached(room, "Second", 2000);
    for (const song of [first, second]) room.ann.says("general", `?play ${song.url}`);
    await ended(second, 2);
    const heard = sound(room.guild);
    expect(textsOf(heard)).toEqual([...(await filed(first)), ...(await filed(second))]);
    expect(jumps(heard)).toEqual([]);
  });

  it("is the same one again when it is repeated, as closely", async () => {
    const room = furnish(stage);
    const song = await cached(room, "Again", 2000);
    room.ann.says("general", `?play ${song.url}`);
    await answerTo(stage, { ann: room.ann, surface: "slash", name: "loop", values: { mode: "track" } });
    await ended(song, 3);
    await answerTo(stage, { ann: room.ann, surface: "slash", name: "loop", values: { mode: "off" } });
    await ended(song, 4);
    const heard = sound(room.guild);
    const file = await filed(song);
    expect(textsOf(heard)).toEqual([...file, ...file, ...file]);
    expect(jumps(heard)).toEqual([]);
  });

  it("is fetched while the other plays, and then follows it as closely", async () => {
    const room = furnish(stage);
    const first = await cached(room, "Before", 6000);
    const second = await stage.media.addSong({ title: "Fetched ahead", durationMs: 2000 });
    for (const song of [first, second]) {
      room.ann.says("general", `?play ${song.url}`);
      await says(stage, room.guild, song.title);
    }
    await bot.event("cache.published", { matches: ({ key }) => key === second.id });
    expect(bot.named("player.finished", ({ id }) => id === first.id)).toHaveLength(1);
    await ended(second);
    expect(bot.named("prefetch.begun", ({ key }) => key === second.id)).toHaveLength(1);
    expect(bot.named("cache.hit", ({ key }) => key === second.id)).toHaveLength(1);
    const heard = sound(room.guild);
    expect(textsOf(heard)).toEqual([...(await filed(first)), ...(await filed(second))]);
    expect(jumps(heard)).toEqual([]);
  });
});

describe("another position of a song", () => {
  it.each(["prefix", "slash"] as const)("is heard from the next packet on (%s)", async (surface) => {
    const room = furnish(stage);
    const song = await cached(room, `To be sought by ${surface}`, 8000);
    room.ann.says("general", `?play ${song.url}`);
    await hears(stage, room.guild);
    const doing = { ann: room.ann, surface, name: "seek", values: { position: "0:06" } };
    expect(await answerTo(stage, doing)).toContain("Going on at **0:06**.");
    await ended(song, 2);
    const rest = await filed(song, 6000);
    const heard = sound(room.guild);
    expect(textsOf(heard).slice(-rest.length)).toEqual(rest);
    expect(textsOf(heard).length).toBeLessThan(rest.length + 200);
    expect(jumps(heard)).toEqual([]);
  });

  it("is where a song goes on whose voice connection was lost", async () => {
    const room = furnish(stage);
    const song = await cached(room, "Cut off", 5000);
    room.ann.says("general", `?play ${song.url}`);
    await hears(stage, room.guild, 60);
    const before = room.guild.heard.sounding.length;
    stage.discord.voice.kick(room.guild);
    await says(stage, room.guild, "The queue is kept");
    const heardBefore = room.guild.heard.sounding.length;
    room.ann.says("general", "?resume");
    await ended(song, 2);
    expect(heardBefore).toBeGreaterThanOrEqual(before);
    // What was on its way when the connection broke may be lost, and no more than that.
    const all = (await filed(song)).length;
    expect(room.guild.heard.sounding.length).toBeGreaterThan(all - 50);
    expect(room.guild.heard.sounding.length).toBeLessThanOrEqual(all);
  });
});

describe("the volume", () => {
  it("changes while a song plays, without a gap, and 100 % passes it through again", async () => {
    const room = furnish(stage);
    const { guild, ann } = room;
    const song = await cached(room, "Loud and soft", 9000);
    ann.says("general", `?play ${song.url}`);
    await hears(stage, guild);
    const set = async (percent: number): Promise<void> => {
      const doing = { ann, surface: "slash", name: "volume", values: { percent } } as const;
      expect(await answerTo(stage, doing)).toContain(`The volume is **${percent} %** now.`);
      guild.heard.mark(String(percent));
      await hears(stage, guild, 100);
    };
    await set(25);
    await set(100);
    await ended(song, 2);
    const soft = await measure(stage, guild.heard.part("25"));
    expect(Math.abs(soft.integratedLufs! - -26)).toBeLessThan(1.5);
    const file = await filed(song);
    const heard = sound(guild);
    expect(textsOf(heard)).toHaveLength(file.length);
    expect(jumps(heard)).toEqual([]);
    expect(textsOf(heard).slice(-50)).toEqual(file.slice(-50));
  });
});
