// One guild asks for far too much while another one listens.
import { describe, expect, it } from "vitest";
import { ControlThread } from "../../bench/kit/control-thread.ts";
import { PACES } from "../../src/policy/cooldown.ts";
import type { BotProcess, LogEvent } from "../sandbox/bot-process.ts";
import type { Interaction } from "../sandbox/discord/interaction.ts";
import type { Message } from "../sandbox/discord/message.ts";
import { SongEntry, type Song } from "../sandbox/media/catalogue.ts";
import type { Stage } from "../sandbox/stage.ts";
import { furnish, hears, onStage, type Room, says, written } from "./actions.ts";

const FRAME_MS = 20;
/** Of the song that the other guild hears; longer than what the first one does. */
const SONG_MS = 20_000;
/** What is still on its way to Discord while more is asked for. */
const AT_ONCE = 20;

let stage: Stage;
let bot: BotProcess;
let jingle: Song;
let long: Song;

onStage(async (ready) => {
  stage = ready;
  bot = await stage.startBot();
  jingle = await stage.media.addSong({ title: "Jingle", durationMs: 2_000 });
  long = await stage.media.addSong({ title: "Long", durationMs: SONG_MS });
  const { guild, ann } = furnish(stage, { name: "First listeners" });
  ann.says("general", `?play ${long.url}`);
  await bot.event("cache.published", { matches: ({ key }) => key === long.id });
  ann.says("general", "?stop");
  await says(stage, guild, "Stopped");
});

/** Another guild listens to a whole song while something happens; no frame of it may be missing or wait. */
async function expectUndisturbed(what: string, happens: () => Promise<void>): Promise<void> {
  const { guild, ann } = furnish(stage, { name: `Listeners of ${what}` });
  ann.says("general", `?play ${long.url}`);
  await hears(stage, guild, 25);
  const control = await ControlThread.start();
  await happens();
  const isOver = guild.heard.sounding.length * FRAME_MS >= SONG_MS;
  await bot.event("player.finished", { matches: ({ guildId }) => guildId === guild.id });
  const { lateMs, stalls } = await control.stop();
  ann.says("general", "?stop");
  const paced = await bot.event("voice.paced", { matches: ({ guildId }) => guildId === guild.id });
  const { sent, missed, underruns, late20, late60, maxLatenessMs } = paced;
  const counts = { sent, missed, underruns, late20, late60, maxLatenessMs, isOver };
  process.stdout.write(`${what}: ${JSON.stringify({ ...counts, machineLateMs: lateMs.max })}\n`);
  expect(guild.heard.durationMs).toBeGreaterThanOrEqual(SONG_MS);
  expect(guild.heard.sounding).toHaveLength(Number(sent));
  expect(guild.heard.lost).toBe(0);
  expect(underruns).toBe(0);
  const machineMs = stalls.reduce((sum, stall) => sum + stall.lateMs, 0);
  expect(Number(missed) * FRAME_MS).toBeLessThanOrEqual(machineMs);
}

/** A list of so many recordings that all sound alike. */
function endlessList(): string {
  const songIds = Array.from({ length: 5_000 }, (_, number) => `bomb${String(number).padStart(7, "0")}`);
  for (const id of songIds) {
    const url = `https://www.youtube.com/watch?v=${id}`;
    stage.media.catalogue.songs.set(id, new SongEntry({ ...jingle, id, url, title: `Jingle ${id}` }));
  }
  const { id } = stage.media.addPlaylist({ title: "Endless", songIds });
  return `https://www.youtube.com/playlist?list=${id}`;
}

describe("a list of 5,000 songs", () => {
  it("is taken as far as the caps go, and delays nobody else by a frame", { timeout: 120_000 }, async () => {
    const list = endlessList();
    const { guild, ann } = furnish(stage, { name: "Greedy" });
    await expectUndisturbed("a list of 5,000 songs", async () => {
      ann.says("general", `?play ${list}`);
      await says(stage, guild, "Added **200 songs** of the playlist to the queue; more were left out.");
      ann.says("general", `?play ${list} --shuffle --limit 1000`);
      await says(stage, guild, /Added \*\*80\d songs\*\* of the playlist to the queue; more were left out/u);
      ann.says("general", `?play ${list}`);
      await says(stage, guild, /The queue is full: at most 1,000 may wait/u);
      ann.says("general", "?stop");
      await says(stage, guild, "Stopped");
    });
  });
});

interface Flood {
  readonly room: Room;
  readonly times: number;
  readonly ask: () => unknown;
}

/** Asks again and again, a few at once, and returns what became of it. */
async function floodsWith({ room: { guild }, times, ask }: Flood): Promise<readonly LogEvent[]> {
  const runs = (): LogEvent[] => bot.named("command.run", ({ guildId }) => guildId === guild.id);
  const before = runs().length;
  for (let asked = 0; asked < times;) {
    for (let number = 0; number < AT_ONCE; number += 1, asked += 1) ask();
    await stage.discord.until(() => runs().length >= before + asked, { what: `${asked} times looked at` });
  }
  return runs().slice(before);
}

/** Somebody else in the same guild, who is served as ever. */
async function expectServed({ guild }: Room): Promise<void> {
  const bob = guild.addPerson({ name: "Bob" });
  expect((await bob.uses("general", "queue")).text).toMatch(/waiting|in the queue/iu);
}

describe("one person who asks thousands of times", () => {
  it("by typing is told once that it is too much", { timeout: 120_000 }, async () => {
    const room = furnish(stage, { name: "Loud" });
    await expectUndisturbed("5,000 typed commands", async () => {
      const ask = (): Message => room.ann.says("general", "?queue");
      const runs = await floodsWith({ room, times: 5_000, ask });
      const ran = runs.filter(({ outcome }) => outcome === "ok").length;
      const told = written(stage, room.guild).filter(({ text }) => text.includes("too much at once"));
      // Every token that came back since was used, and whoever was let through is told anew.
      const more = ran - PACES.command.person.burst;
      expect(told.length).toBeGreaterThan(0);
      expect(told.length).toBeLessThanOrEqual(1 + more);
      expect(written(stage, room.guild)).toHaveLength(ran + told.length);
      await expectServed(room);
    });
  });

  it("by pressing is answered alone", { timeout: 120_000 }, async () => {
    const room = furnish(stage, { name: "Nervous" });
    room.ann.says("general", `?play ${long.url}`);
    await hears(stage, room.guild);
    const shown = await says(stage, room.guild, "Now playing");
    await expectUndisturbed("1,000 presses of a button", async () => {
      const answers: Promise<Interaction>[] = [];
      const ask = (): unknown => answers.push(room.ann.presses(shown, "📜 Queue"));
      const runs = await floodsWith({ room, times: 1_000, ask });
      const refused = runs.filter(({ outcome }) => outcome === "TOO_FAST");
      expect(refused.length).toBeGreaterThan(500);
      expect((await Promise.all(answers)).every(({ ephemeral }) => ephemeral)).toBe(true);
      expect(written(stage, room.guild).filter(({ ephemeral }) => !ephemeral)).toEqual([shown]);
      await expectServed(room);
    });
  });
});
