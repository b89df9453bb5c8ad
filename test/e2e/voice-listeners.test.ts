import { describe, expect, it } from "vitest";
import { Permission } from "../sandbox/discord/permissions.ts";
import type { Song } from "../sandbox/media/catalogue.ts";
import type { Stage } from "../sandbox/stage.ts";
import type { HeardPacket } from "../sandbox/discord/recording.ts";
import { answerTo, furnish, hears, onStage, type Room, says, written } from "./actions.ts";

let stage: Stage;
let song: Song;

onStage(async (ready) => {
  stage = ready;
  await stage.startBot();
  song = await stage.media.addSong({ title: "Patience", frequencyHz: 523, durationMs: 60_000 });
});

const STAGES = [
  "Hall",
  { name: "Forum", denyBot: Permission.MuteMembers },
  { name: "Court", denyBot: Permission.MuteMembers | Permission.RequestToSpeak },
];

async function playing(): Promise<Room> {
  const room = furnish(stage, { voice: ["Lounge", "Garden"] });
  room.ann.says("general", `?play ${song.url}`);
  await hears(stage, room.guild);
  return room;
}

/** The song's message says that it waits, and after what was on its way nothing more is heard. */
async function waits({ guild }: Room): Promise<void> {
  await says(stage, guild, "Paused");
  await stage.discord.until(() => !guild.heard.speaking, { what: "silence" });
}

describe("a song", () => {
  it("waits while nobody is there to hear it, and goes on with the next one who comes", async () => {
    const room = await playing();
    const { guild, ann } = room;
    ann.leaveVoice();
    await waits(room);
    const before = guild.heard.sounding.length;
    guild.addPerson({ name: "Another bot", isBot: true }).joinVoice("Lounge");
    const bob = guild.addPerson({ name: "Bob" });
    bob.joinVoice("Garden");
    expect(guild.heard.sounding.length).toBe(before);
    bob.joinVoice("Lounge");
    await hears(stage, guild);
    expect(guild.botVoiceChannel?.name).toBe("Lounge");
    bob.says("general", "?stop");
  });

  it("waits while all are deafened", async () => {
    const room = await playing();
    room.ann.deafens(true);
    await waits(room);
    expect(room.guild.botVoiceChannel?.name).toBe("Lounge");
    room.ann.deafens(false);
    await hears(stage, room.guild);
    room.ann.says("general", "?stop");
  });

  it("that somebody held stays held when people come and go", async () => {
    const room = await playing();
    const { guild, ann } = room;
    expect(await answerTo(stage, { ann, surface: "prefix", name: "pause" })).toContain("Paused");
    await waits(room);
    ann.leaveVoice();
    ann.joinVoice("Lounge");
    const before = guild.heard.sounding.length;
    expect(await answerTo(stage, { ann, surface: "prefix", name: "resume" })).toContain("Going on");
    await hears(stage, guild);
    expect(before).toBeLessThan(guild.heard.sounding.length);
    ann.says("general", "?stop");
  });

  it("goes with the bot where somebody drags it, and waits there until somebody listens", async () => {
    const { guild, ann } = await playing();
    stage.discord.voice.move(guild, "Garden");
    await says(stage, guild, "Paused");
    const garden = guild.listen("Garden");
    const before = garden.sounding.length;
    ann.joinVoice("Garden");
    await stage.discord.until(() => garden.sounding.length > before + 10, { what: "sound in the garden" });
    expect(written(stage, guild)).toHaveLength(1);
    ann.says("general", "?stop");
  });

  it("waits while somebody has muted the bot, which says so", async () => {
    const room = await playing();
    const { guild, ann } = room;
    guild.changeVoiceState(stage.discord.botId, { mute: true });
    await waits(room);
    await says(stage, guild, `I am muted in <#${guild.channel("Lounge").id}>`);
    guild.changeVoiceState(stage.discord.botId, { mute: false });
    await hears(stage, guild);
    expect(written(stage, guild)).toHaveLength(2);
    ann.says("general", "?stop");
  });
});

function seated(name: string): Room {
  const room = furnish(stage, { stages: STAGES });
  room.ann.joinVoice(name);
  return room;
}

describe("on a stage", () => {
  it("where it may, the bot gets up by itself and is heard from the first packet on", async () => {
    const { guild, ann } = seated("Hall");
    ann.says("general", `?play ${song.url}`);
    await hears(stage, guild);
    expect(guild.heard.lost).toBe(0);
    expect(written(stage, guild)).toHaveLength(1);
    ann.says("general", "?stop");
  });

  it("where it may not, it asks to speak, says so, and plays as soon as it is let", async () => {
    const { guild, ann } = seated("Forum");
    ann.says("general", `?play ${song.url}`);
    await says(
      stage,
      guild,
      `I am in the audience of <#${guild.channel("Forum").id}> and have asked to speak`,
    );
    await says(stage, guild, "Paused");
    expect(guild.heard.sounding).toEqual([]);
    guild.inviteToSpeak();
    await hears(stage, guild);
    ann.says("general", "?stop");
  });

  it("where it may not even ask, it stays out and says what it lacks", async () => {
    const { guild, ann } = seated("Court");
    ann.says("general", `?play ${song.url}`);
    await says(stage, guild, "can give me **Mute Members** there");
    expect(guild.botVoiceChannel).toBeUndefined();
  });
});

const kbpsOf = (packets: readonly HeardPacket[]): number =>
  packets.reduce((sum, { opus }) => sum + opus.length, 0) / (packets.length * 2.5);

describe("in a channel with fewer bits than Discord gives by itself", () => {
  it("a song has no more than that, also when the slider is moved while it plays", async () => {
    const { guild, ann } = furnish(stage, { voice: ["Lounge", { name: "Narrow", bitrate: 16_000 }] });
    const latest = (): readonly HeardPacket[] => guild.heard.sounding.slice(-100);
    ann.joinVoice("Narrow");
    ann.says("general", `?play ${song.url}`);
    await hears(stage, guild, 100);
    expect(kbpsOf(guild.heard.sounding)).toBeLessThan(20);
    guild.setBitrate("Narrow", 64_000);
    await stage.discord.until(() => kbpsOf(latest()) > 40, { what: "all bits", timeoutMs: 20_000 });
    guild.setBitrate("Narrow", 32_000);
    await stage.discord.until(() => kbpsOf(latest()) < 38, { what: "few bits", timeoutMs: 20_000 });
    expect(guild.heard.lost).toBe(0);
    ann.says("general", "?stop");
  });
});
