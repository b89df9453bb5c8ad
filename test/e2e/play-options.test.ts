import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import type { BotProcess, LogEvent } from "../sandbox/bot-process.ts";
import { selectsIn } from "../sandbox/discord/components.ts";
import type { Message } from "../sandbox/discord/message.ts";
import type { OptionValues } from "../sandbox/discord/person.ts";
import type { Song } from "../sandbox/media/catalogue.ts";
import type { Stage } from "../sandbox/stage.ts";
import { answerMessage, answerTo, furnish, hears, measure, onStage, type Room, says } from "./actions.ts";

const SURFACES = ["prefix", "slash"] as const;

let stage: Stage;
let bot: BotProcess;
let long: Song;
let short: Song;
let other: Song;
/** Three parts of two seconds. */
let parted: Song;

onStage(async (ready) => {
  stage = ready;
  bot = await stage.startBot({ DIRECT_HOSTS: "127.0.0.1" });
  const { media } = stage;
  long = await media.addSong({ title: "Long Kestrel", durationMs: 14_000 });
  short = await media.addSong({ title: "Short Kestrel", frequencyHz: 494, durationMs: 2_000 });
  other = await media.addSong({ title: "Other Heron", frequencyHz: 587, durationMs: 2_000 });
  parted = await media.addSong({
    title: "Parted",
    frequencyHz: 698,
    durationMs: 6_000,
    chapters: [
      { start_time: 0, end_time: 2, title: "Opening" },
      { start_time: 2, end_time: 4, title: "*Middle*" },
      { start_time: 4, end_time: 6, title: "End" },
    ],
  });
});

const waiting = async ({ ann }: Room): Promise<string> =>
  await answerTo(stage, { ann, surface: "slash", name: "queue" });
const startedIn = ({ guild }: Room): unknown[] =>
  bot.named("player.started", ({ guildId }) => guildId === guild.id).map(({ id }) => id);

async function begins({ guild }: Room, count: number): Promise<void> {
  await bot.event("player.started", { count, matches: ({ guildId }) => guildId === guild.id });
  guild.heard.mark(String(count));
}

/** The choice of a menu that is a song. */
function choiceOf({ state }: Message, { title }: Song): string {
  const [menu] = selectsIn(state.components);
  return menu?.options?.find(({ label }) => label.includes(title))?.label ?? `no ${title}`;
}

async function toneOf({ guild }: Room, part: number): Promise<number> {
  return Math.round((await measure(stage, guild.heard.part(String(part)))).dominantFrequencyHz);
}

describe.each(SURFACES)("play, as a %s command,", (surface) => {
  const play = async ({ ann }: Room, typed: string, values: OptionValues): Promise<string> =>
    await answerTo(stage, { ann, surface, name: "play", typed, values });

  it("puts songs before all others, or plays them at once", async () => {
    const room = furnish(stage);
    await play(room, long.url, { query: long.url });
    await hears(stage, room.guild);
    await play(room, short.url, { query: short.url });
    expect(await play(room, `${other.url} --next`, { query: other.url, next: true })).toContain("number 1");
    expect(await waiting(room)).toMatch(/1\\\. .*Other Heron[^]*2\\\. .*Short Kestrel/u);
    await play(room, `${parted.url} --now`, { query: parted.url, now: true });
    await begins(room, 2);
    await hears(stage, room.guild, 60);
    expect(startedIn(room)).toEqual([long.id, parted.id]);
    expect(await toneOf(room, 2)).toBe(698);
    expect(await waiting(room)).toContain("Queue · 2 tracks");
    room.ann.says("general", "?stop");
  });

  it("takes of a list as many songs as are wanted, from the linked one on, in any order", async () => {
    const room = furnish(stage);
    const list = stage.media.addPlaylist({
      title: "Four",
      songIds: [long.id, short.id, other.id, parted.id],
    });
    const url = `https://www.youtube.com/watch?v=${short.id}&list=${list.id}`;
    expect(await play(room, url, { query: url })).toContain("Short Kestrel");
    await play(room, `${url} --limit 2 --next`, { query: url, limit: 2, next: true });
    await says(stage, room.guild, "Added **2 songs** of the playlist");
    expect(await waiting(room)).toMatch(/1\\\. .*Short Kestrel[^]*2\\\. .*Other Heron/u);
    room.ann.says("general", "?clear");
    await says(stage, room.guild, "Removed **2 songs**");
    await play(room, `${url} --shuffle`, { query: url, shuffle: true });
    await says(stage, room.guild, "Added **4 songs** of the playlist");
    const shown = await waiting(room);
    for (const { title } of [long, other, parted]) expect(shown).toContain(title);
    room.ann.says("general", "?stop");
  });

  it("splits a song into its chapters, each of which is heard", async () => {
    const room = furnish(stage);
    const said = await play(room, `${parted.url} --split`, { query: parted.url, split: true });
    expect(said).toMatch(/Added \*\*\d chapters?\*\* of .*Parted/u);
    await begins(room, 1);
    expect(await waiting(room)).toMatch(
      /Now: .*Parted.* · Opening[^]*1\\\. .*Parted.* · \\\*Middle\\\* · 0:02/u,
    );
    await begins(room, 2);
    await begins(room, 3);
    const matches = ({ guildId }: LogEvent): boolean => guildId === room.guild.id;
    await bot.event("player.finished", { count: 3, matches });
    expect(Math.abs(room.guild.heard.durationMs - 6_000)).toBeLessThanOrEqual(120);
    expect(await play(room, `${short.url} --split`, { query: short.url, split: true })).toContain(
      "That song has no chapters.",
    );
  });

  it("plays a file that comes with it", async () => {
    const room = furnish(stage);
    const attached = { filename: "heron.webm", contentType: "audio/webm", data: await readFile(other.path) };
    if (surface === "slash") await room.ann.uses("general", "play", { file: attached });
    else room.ann.says("general", "?play", { files: [attached] });
    await begins(room, 1);
    await hears(stage, room.guild, 60);
    expect(await toneOf(room, 1)).toBe(587);
    room.ann.says("general", "?stop");
  });

  it("wants to be told what to play", async () => {
    const room = furnish(stage);
    expect(await play(room, "", {})).toContain("query is missing.");
  });
});

describe("the menu of a message", () => {
  it("plays its file, else its link", async () => {
    const room = furnish(stage);
    const { guild, ann } = room;
    const attached = { filename: "heron.webm", contentType: "audio/webm", data: await readFile(other.path) };
    await ann.usesOn(ann.says("general", `Listen: <${short.url}>!`), "Play this");
    await begins(room, 1);
    expect(startedIn(room)).toEqual([short.id]);
    await ann.usesOn(ann.says("general", `And not ${long.url}`, { files: [attached] }), "Play this");
    await begins(room, 2);
    await hears(stage, guild, 60);
    expect(await toneOf(room, 2)).toBe(587);
    const refused = await ann.usesOn(ann.says("general", "Nothing here"), "Play this");
    expect(refused.text).toContain("There is no link and no file with sound in that message.");
    ann.says("general", "?stop");
  });
});

describe.each(SURFACES)("search, as a %s command,", (surface) => {
  it("shows what the words may mean, and plays what is chosen", async () => {
    const room = furnish(stage);
    const { guild, ann } = room;
    const found = await answerMessage(stage, { ann, surface, name: "search", values: { words: "kestrel" } });
    expect(found.text).toMatch(/Found[^]*1\\\. .*Kestrel[^]*2\\\. .*Kestrel/u);
    expect(found.text).not.toContain("Heron");
    expect(found.ephemeral).toBe(surface === "slash");
    await ann.selects(found, [choiceOf(found, short)]);
    await begins(room, 1);
    await hears(stage, guild, 40);
    expect(await toneOf(room, 1)).toBe(494);
    await ann.selects(found, [choiceOf(found, long)]);
    await ann.selects(found, [choiceOf(found, short)]);
    expect(await waiting(room)).toMatch(/Short Kestrel/u);
    ann.says("general", "?stop");
  });

  it("says so when nothing is found", async () => {
    const { ann } = furnish(stage);
    const values = { words: "no such words anywhere" };
    expect(await answerTo(stage, { ann, surface, name: "search", values })).toContain("Nothing was found");
  });
});
