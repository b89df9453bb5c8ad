import { expect, it } from "vitest";
import type { BotProcess } from "../sandbox/bot-process.ts";
import type { Song } from "../sandbox/media/catalogue.ts";
import type { Stage } from "../sandbox/stage.ts";
import { furnish, hears, measure, onStage, type Room, written } from "./actions.ts";

let stage: Stage;
let bot: BotProcess;
let song: Song;

onStage(
  async (ready) => {
    stage = ready;
    bot = await stage.startBot();
    song = await stage.media.addSong({ title: "Travelling", frequencyHz: 587, durationMs: 6000 });
  },
  { discord: { dave: true } },
);

async function playing(): Promise<Room> {
  const room = furnish(stage, { voice: ["Lounge", "Garden"] });
  room.guild.addPerson({ name: "Bob" }).joinVoice("Garden");
  room.ann.says("general", `?play ${song.url}`);
  await hears(stage, room.guild);
  return room;
}

/** What was heard of the song once it is over. */
async function outcome({ guild }: Room): Promise<object> {
  await bot.event("player.finished", { matches: ({ guildId }) => guildId === guild.id });
  const rooms = ["Lounge", "Garden"].map((name) => guild.channel(name));
  return {
    isWhole: Math.abs(guild.heard.durationMs - song.durationMs) <= 1000,
    frequencyHz: Math.round((await measure(stage, guild.heard)).dominantFrequencyHz),
    /** Frames that listeners could not decrypt. */
    unheard: rooms.map((room) => stage.discord.unheardFrames(room)),
    messages: written(stage, guild).length,
  };
}

/** But a moment of it, by people who could decrypt it all, and not begun anew. */
const HEARD = { isWhole: true, frequencyHz: 587, unheard: [0, 0], messages: 1 };

// Somebody chose another region for the channel: a new server is named while the old one still answers.
it("an encrypted call goes on at another voice server", async () => {
  const room = await playing();
  stage.discord.voice.reallocate(room.guild);
  await hears(stage, room.guild, 50);
  expect(await outcome(room)).toEqual(HEARD);
});

// What Discord does when a server is taken down.
it("an encrypted call goes on after a while without any server", async () => {
  const room = await playing();
  stage.discord.voice.loseServer(room.guild);
  await bot.event("voice.state", {
    matches: ({ guildId, status }) => guildId === room.guild.id && status === "disconnected",
  });
  stage.discord.voice.reallocate(room.guild);
  await hears(stage, room.guild, 50);
  expect(await outcome(room)).toEqual(HEARD);
});

it("an encrypted call is changed for that of the channel where somebody drags the bot", async () => {
  const room = await playing();
  stage.discord.voice.move(room.guild, "Garden");
  const garden = room.guild.listen("Garden");
  await stage.discord.until(() => garden.sounding.length > 50, { what: "sound in the garden" });
  expect(await outcome(room)).toEqual(HEARD);
});
