import { GatewayIntentBits, GatewayOpcodes } from "discord-api-types/v10";
import { describe, expect, it } from "vitest";
import type { BotProcess } from "../sandbox/bot-process.ts";
import type { Song } from "../sandbox/media/catalogue.ts";
import { Stage } from "../sandbox/stage.ts";
import { answerTo, furnish, hears, measure, onStage, type Room, says, written } from "./actions.ts";

let stage: Stage;
let bot: BotProcess;
let song: Song;

onStage(async (ready) => {
  stage = ready;
  bot = await stage.startBot();
  song = await stage.media.addSong({ title: "Steady", frequencyHz: 554, durationMs: 6000 });
});

async function playing(): Promise<Room> {
  const room = furnish(stage, { voice: ["Lounge", "Garden"] });
  room.ann.says("general", `?play ${song.url}`);
  await hears(stage, room.guild);
  return room;
}

const finished = ({ guild }: Room): Promise<unknown> =>
  bot.event("player.finished", { matches: ({ guildId }) => guildId === guild.id });

describe("a voice connection that breaks", () => {
  it.each([4006, 4015])("with close code %d: the song goes on where it was", async (code) => {
    const room = await playing();
    stage.discord.voice.server.disconnect(room.guild, code);
    await finished(room);
    // A second of sound lies between the two ends of the connection at most; the song itself is not begun anew.
    expect(Math.abs(room.guild.heard.durationMs - song.durationMs)).toBeLessThanOrEqual(1000);
    expect(Math.round((await measure(stage, room.guild.heard)).dominantFrequencyHz)).toBe(554);
    expect(written(stage, room.guild)).toHaveLength(1);
  });

  it("because its server went away: music again as soon as there is another", async () => {
    const room = await playing();
    stage.discord.voice.loseServer(room.guild);
    await bot.event("voice.state", {
      matches: ({ guildId, status }) => guildId === room.guild.id && status === "disconnected",
    });
    const before = room.guild.heard.sounding.length;
    stage.discord.voice.reallocate(room.guild);
    await hears(stage, room.guild);
    expect(room.guild.heard.sounding.length).toBeGreaterThan(before);
    room.ann.says("general", "?stop");
    await finished(room);
  });
});

describe("people with the right to", () => {
  it("move the bot: the song goes on there, and commands work there", async () => {
    const { guild, ann } = await playing();
    guild.addPerson({ name: "Bob" }).joinVoice("Garden");
    stage.discord.voice.move(guild, "Garden");
    const garden = guild.listen("Garden");
    await stage.discord.until(() => garden.sounding.length > 10, { what: "sound in the garden" });
    const refused = await answerTo(stage, { ann, surface: "prefix", name: "skip" });
    expect(refused).toContain(`<#${guild.channel("Garden").id}>`);
    ann.joinVoice("Garden");
    expect(await answerTo(stage, { ann, surface: "prefix", name: "skip" })).toContain("Skipped");
    ann.says("general", `?play ${song.url}`);
    const before = garden.sounding.length;
    await stage.discord.until(() => garden.sounding.length > before + 10, { what: "the next song there" });
    ann.says("general", "?stop");
  });

  it("disconnect the bot: it stays away, says so, and keeps the queue for resume", async () => {
    const { guild, ann } = await playing();
    ann.says("general", `?play ${song.url}`);
    await says(stage, guild, "number 1 in the queue");
    const before = stage.discord.gateway.received.length;
    stage.discord.voice.kick(guild);
    await says(stage, guild, `I was disconnected from <#${guild.channel("Lounge").id}>`);
    const joins = stage.discord.gateway.received
      .slice(before)
      .filter(
        ({ op, d }) =>
          op === GatewayOpcodes.VoiceStateUpdate && (d as { channel_id: string | null }).channel_id !== null,
      );
    expect(joins).toEqual([]);
    expect(guild.botVoiceChannel).toBeUndefined();
    expect(await answerTo(stage, { ann, surface: "prefix", name: "queue" })).toContain("2 tracks");
    ann.says("general", "?resume");
    await hears(stage, guild);
    expect(await answerTo(stage, { ann, surface: "prefix", name: "queue" })).toContain("1 track");
    ann.says("general", "?stop");
  });

  it("remove the bot from a guild: it ends there, and the others hear nothing of it", async () => {
    const [gone, staying] = [await playing(), await playing()];
    const { id, world } = gone.guild;
    world.announce({ type: "GUILD_DELETE", data: { id }, guildId: id, intents: GatewayIntentBits.Guilds });
    await bot.event("voice.state", {
      matches: ({ guildId, status }) => guildId === id && status === "destroyed",
    });
    const before = gone.guild.heard.sounding.length;
    await hears(stage, staying.guild, 50);
    expect(gone.guild.heard.sounding.length - before).toBeLessThanOrEqual(2);
    expect(staying.guild.heard.lost).toBe(0);
    staying.ann.says("general", "?stop");
  });
});

describe("a call that is encrypted from end to end", () => {
  it("is joined before the first frame, so that all of the song is heard", async () => {
    await using secret = await Stage.set({ discord: { dave: true } });
    const { guild, ann } = furnish(secret);
    const heardSong = await secret.media.addSong({ title: "Secret", frequencyHz: 494, durationMs: 3000 });
    const secretBot = await secret.startBot();
    ann.says("general", `?play ${heardSong.url}`);
    await secretBot.event("player.finished");
    expect(secret.discord.unheardFrames(guild.channel("Lounge"))).toBe(0);
    expect(Math.abs(guild.heard.durationMs - heardSong.durationMs)).toBeLessThanOrEqual(60);
    expect(Math.round((await measure(secret, guild.heard)).dominantFrequencyHz)).toBe(494);
  });
});
