import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { BotProcess } from "../sandbox/bot-process.ts";
import { Permission } from "../sandbox/discord/permissions.ts";
import type { Guild } from "../sandbox/discord/guild.ts";
import type { Message } from "../sandbox/discord/message.ts";
import type { Person } from "../sandbox/discord/person.ts";
import type { Song } from "../sandbox/media/catalogue.ts";
import { Stage } from "../sandbox/stage.ts";
import { furnish, hears, type Room, says, written } from "./actions.ts";

let stage: Stage;
let bot: BotProcess;
let short: Song[];
let long: Song;

beforeAll(async () => {
  stage = await Stage.set();
  bot = await stage.startBot();
  const titles = ["First", "Second", "Third", "Fourth"];
  short = await Promise.all(titles.map((title) => stage.media.addSong({ title, durationMs: 2500 })));
  long = await stage.media.addSong({ title: "Long", durationMs: 60_000 });
});
afterEach(() => stage.expectLawful());
afterAll(() => stage[Symbol.asyncDispose]());

/** What everyone reads of the bot. */
const open = (guild: Guild, channel?: string): Message[] =>
  written(stage, guild, channel).filter(({ ephemeral }) => !ephemeral);

async function asks(ann: Person, ...songs: Song[]): Promise<void> {
  for (const { url } of songs) await ann.uses("general", "play", { query: url });
}

describe("the song's message", () => {
  it("is one, however many songs are played", async () => {
    const { guild, ann } = furnish(stage);
    await asks(ann, ...short);
    const shown = await says(stage, guild, /Now playing[^]*First/u);
    await stage.discord.until(
      () => shown.text.startsWith("Played: ") || /Played: .*Fourth/u.test(shown.text),
      {
        what: "the last song is over",
        timeoutMs: 40_000,
      },
    );
    await says(stage, guild, /Played: .*Fourth/u);
    expect(open(guild)).toEqual([shown]);
    const all = shown.history.map((state) => JSON.stringify(state.components)).join("\n");
    for (const { title } of short) expect(all).toContain(title);
  });

  it("moves down with the next song once it has scrolled away", async () => {
    const { guild, ann } = furnish(stage);
    await asks(ann, ...short.slice(0, 3));
    const first = await says(stage, guild, /Now playing[^]*First/u);
    for (let line = 0; line < 6; line += 1) ann.says("general", `chat ${line}`);
    const second = await says(stage, guild, /Now playing[^]*Second/u);
    expect(second).not.toBe(first);
    expect(first.deleted).toBe(true);
    await stage.discord.until(() => second.text.includes("Third"), {
      what: "the third song",
      timeoutMs: 20_000,
    });
    expect(open(guild)).toEqual([second]);
    expect(guild.channel("general").messages.at(-1)).toBe(second);
  });

  it("can be steered after a restart, and the one of before goes", async () => {
    const { guild, ann } = furnish(stage);
    await asks(ann, long, long);
    await hears(stage, guild);
    const before = await says(stage, guild, "Now playing");
    await bot.stop();
    bot = await stage.startBot();
    await hears(stage, guild);
    await stage.discord.until(() => before.deleted, { what: "the message of before goes" });
    const after = await says(stage, guild, "Now playing");
    expect(open(guild)).toEqual([after]);
    await ann.presses(after, "🔁 Loop: off");
    await stage.discord.until(() => after.buttons.some(({ label }) => label === "🔂 Loop: this song"), {
      what: "the button says what is repeated",
    });
    const form = await ann.presses(after, "🔊 Volume");
    const answer = await ann.submitsModal(form, { percent: "50" });
    expect(answer.text).toContain("The volume is **50 %** now.");
    await ann.presses(after, "⏹ Stop");
    await stage.discord.until(() => !guild.botVoiceChannel, { what: "the bot leaves" });
  });

  it("is nowhere or elsewhere where the server wants that", async () => {
    const { guild, ann } = furnish(stage, { text: ["general", "music"] });
    const max = guild.addPerson({ name: "Max", permissions: Permission.ManageGuild });
    await max.uses("general", "settings", { "announce-channel": guild.channel("music").id });
    await asks(ann, ...short.slice(0, 1));
    await stage.discord.until(() => open(guild, "music").some(({ text }) => text.includes("Played: ")), {
      what: "the song is shown in #music",
      timeoutMs: 20_000,
    });
    expect(open(guild)).toHaveLength(1);
    await max.uses("general", "settings", { announce: "silent" });
    await asks(ann, ...short.slice(0, 2));
    await hears(stage, guild, 150);
    expect(open(guild, "music")).toHaveLength(1);
    // The answers to both wishes for songs that began at once.
    expect(open(guild)).toHaveLength(2);
    ann.says("general", "?stop");
  });
});

async function requested(permissions = 0n): Promise<Room & { readonly max: Person }> {
  const botPermissions = Permission.ViewChannel | Permission.SendMessages | Permission.ReadMessageHistory;
  const voice = Permission.Connect | Permission.Speak | Permission.EmbedLinks;
  const room = furnish(stage, {
    text: ["general", "songs"],
    botPermissions: botPermissions | voice | permissions,
  });
  const max = room.guild.addPerson({ name: "Max", permissions: Permission.ManageGuild });
  return { ...room, max };
}

describe("the menu of a message", () => {
  it("plays what it links to, next or after all others", async () => {
    const { guild, ann } = furnish(stage);
    const [first, second, third] = short;
    ann.says("general", `?play ${long.url}`);
    await hears(stage, guild);
    const answerOf = async (entry: string, song: Song | undefined): Promise<string> => {
      const used = await ann.usesOn(ann.says("general", `listen to ${song?.url}`), entry);
      return await stage.discord.until(() => used.text, { what: `an answer to "${entry}"` });
    };
    expect(await answerOf("Add to queue", first)).toContain("number 1 in the queue");
    expect(await answerOf("Add to queue", second)).toContain("number 2 in the queue");
    expect(await answerOf("Play this", third)).toContain("number 1 in the queue");
    ann.says("general", "?stop");
    await stage.discord.until(() => !guild.botVoiceChannel, { what: "the bot leaves" });
  });
});

describe("a request channel", () => {
  it("takes every message for a song, keeps one message as the player, and deletes the rest", async () => {
    const { guild, ann, max } = await requested(Permission.ManageMessages);
    const set = await max.uses("general", "settings", { "request-channel": guild.channel("songs").id });
    expect(set.text).not.toContain("Manage Messages");
    const player = await stage.discord.until(() => open(guild, "songs")[0], { what: "the player" });
    expect(player.text).toContain("every message is a song");
    const wish = ann.says("songs", short[0]?.url ?? "");
    await stage.discord.until(() => player.text.includes("Now playing"), {
      what: "the song",
      timeoutMs: 20_000,
    });
    await stage.discord.until(() => wish.deleted, { what: "the wish is deleted" });
    await stage.discord.until(() => player.text.includes("Played: "), { what: "its end", timeoutMs: 20_000 });
    await stage.discord.until(() => open(guild, "songs").length === 1, {
      what: "answers are deleted",
      timeoutMs: 25_000,
    });
    expect(open(guild, "songs")).toEqual([player]);
    expect(guild.channel("songs").messages).toHaveLength(1);
    expect(open(guild)).toEqual([]);
  });

  it("works without the right to delete, and says what is missing", async () => {
    const { guild, ann, max } = await requested();
    const set = await max.uses("general", "settings", { "request-channel": guild.channel("songs").id });
    expect(set.text).toContain("**Manage Messages**");
    const wish = ann.says("songs", short[1]?.url ?? "");
    await hears(stage, guild);
    const player = await stage.discord.until(
      () => open(guild, "songs").find(({ text }) => text.includes("⏸") || text.includes("Now playing")),
      { what: "the player" },
    );
    expect(player.text).toContain("Second");
    expect(wish.deleted).toBe(false);
    ann.says("songs", "?stop");
    await stage.discord.until(() => !guild.botVoiceChannel, { what: "the bot leaves" });
  });
});
