import { describe, expect, it } from "vitest";
import { ERRORS } from "../../src/core/errors.ts";
import type { BotProcess } from "../sandbox/bot-process.ts";
import { Permission } from "../sandbox/discord/permissions.ts";
import type { Person } from "../sandbox/discord/person.ts";
import type { Song } from "../sandbox/media/catalogue.ts";
import type { Stage } from "../sandbox/stage.ts";
import { answerTo, furnish, hears, onStage, type Room, says, written } from "./actions.ts";

const SURFACES = ["prefix", "slash"] as const;
const VOICE = [
  "Lounge",
  "Garden",
  { name: "Locked", denyBot: Permission.Connect },
  { name: "Mute", denyBot: Permission.Speak },
  { name: "Full", userLimit: 1 },
];

let stage: Stage;
let bot: BotProcess;
let song: Song;
let other: Song;

onStage(async (ready) => {
  stage = ready;
  bot = await stage.startBot();
  song = await stage.media.addSong({ title: "First Tone", durationMs: 6000 });
  other = await stage.media.addSong({ title: "Second Tone", durationMs: 6000 });
});

/** Ann in the lounge, and the bot playing to her. */
async function playing(): Promise<Room> {
  const room = furnish(stage, { voice: VOICE });
  room.ann.says("general", `?play ${song.url}`);
  await hears(stage, room.guild);
  return room;
}

async function silence({ guild }: Room): Promise<void> {
  await stage.discord.until(() => !guild.heard.speaking, { what: "the bot falls silent" });
}

describe.each(SURFACES)("the commands as %s commands", (surface) => {
  it("play, hold, go on, show, skip and stop", async () => {
    const room = furnish(stage, { voice: VOICE });
    const { guild, ann } = room;
    const does = (name: string, values: Record<string, string | number> = {}): Promise<string> =>
      answerTo(stage, { ann, surface, name, values });

    expect(await does("nowplaying")).toContain(ERRORS.NOTHING_PLAYING.message);
    expect(await does("skip")).toContain(ERRORS.NOTHING_PLAYING.message);
    expect(await does("resume")).toContain(ERRORS.NOTHING_PAUSED.message);
    expect(await does("play", { query: song.url })).toContain("First Tone");
    await hears(stage, guild);
    expect(await does("play", { query: other.url })).toMatch(/Added .*Second Tone.* number 1 in the queue/u);
    expect(await does("pause")).toContain("Paused");
    await silence(room);
    const held = guild.heard.sounding.length;
    expect(await does("nowplaying")).toMatch(/Paused[^]*First Tone/u);
    expect(await does("queue")).toMatch(/Queue · 1 track[^]*Now: .*First Tone[^]*1\\\. .*Second Tone/u);
    expect(guild.heard.sounding).toHaveLength(held);
    expect(await does("resume")).toContain("Going on");
    await hears(stage, guild);
    expect(await does("nowplaying")).toMatch(/Now playing[^]*First Tone/u);
    expect(await does("skip")).toMatch(/Skipped .*First Tone[^]*Next: .*Second Tone/u);
    await hears(stage, guild, 30);
    expect(await does("stop")).toContain("1 song taken off");
    await stage.discord.until(() => !guild.botVoiceChannel, { what: "the bot leaves" });
    expect(await does("queue")).toContain("Nothing is waiting");
  });

  it("say what is missing or wrong, and show what there is", async () => {
    const { ann } = furnish(stage);
    const does = (name: string, values: Record<string, string | number> = {}): Promise<string> =>
      answerTo(stage, { ann, surface, name, values });
    const help = await does("help");
    const names = [
      "play",
      "skip",
      "stop",
      "pause",
      "resume",
      "queue",
      "nowplaying",
      "cache",
      "cache_cleanup",
      "cache_clear",
    ];
    for (const name of names) expect(help).toContain(`\`${name}\``);
    expect(await does("cache stats")).toMatch(/\*\*\d+\*\* tracks? · \*\*.* of 8 GiB\*\*/u);
    expect(await does("play", { query: "no such words anywhere" })).toContain(ERRORS.NOTHING_FOUND.message);
    expect(await does("play", { query: "https://example.org/watch" })).toMatch(/[.]$/mu);
  });

  it("are refused in one sentence to whom cannot hear the bot", async () => {
    const { guild } = await playing();
    const bob = guild.addPerson({ name: "Bob" });
    const does = (name: string): Promise<string> => answerTo(stage, { ann: bob, surface, name });
    expect(await does("skip")).toContain(ERRORS.NOT_IN_VOICE.message);
    bob.joinVoice("Garden");
    const lounge = `<#${guild.channel("Lounge").id}>`;
    expect(await does("stop")).toContain(`I am playing in ${lounge}. Join me there, then try again.`);
    await hears(stage, guild);
    bob.joinVoice("Lounge");
    expect(await does("stop")).toContain("Stopped");
  });
});

describe("a voice channel that cannot be joined", () => {
  it.each([
    [
      "Locked",
      (channel: string) =>
        `I may not join ${channel}. Someone with Manage Channel can give me **Connect** there.`,
    ],
    [
      "Mute",
      (channel: string) =>
        `I may not join ${channel}. Someone with Manage Channel can give me **Speak** there.`,
    ],
    ["Full", (channel: string) => `${channel} is full. Make room or give me Move Members, then try again.`],
  ])("%s: one sentence, and the queue waits", async (name, sentence) => {
    const { guild, ann } = furnish(stage, { voice: VOICE });
    ann.joinVoice(name);
    ann.says("general", `?play ${song.url}`);
    await says(stage, guild, sentence(`<#${guild.channel(name).id}>`));
    expect(written(stage, guild)).toHaveLength(1);
    expect(stage.discord.voice.ignoredJoins).toEqual([]);
    ann.joinVoice("Lounge");
    ann.says("general", "?resume");
    await hears(stage, guild);
    ann.says("general", "?stop");
  });
});

describe("the buttons of the song's message", () => {
  it("pause, go on, show the queue, skip and stop", async () => {
    const room = await playing();
    const { guild, ann } = room;
    const shown = await says(stage, guild, "Now playing");
    expect(await ann.presses(shown, "⏸ Pause")).toMatchObject({ ephemeral: true });
    await silence(room);
    await says(stage, guild, /^### Paused/u);
    await ann.presses(shown, "▶ Resume");
    await hears(stage, guild);
    await says(stage, guild, /^### Now playing/u);
    const queue = await ann.presses(shown, "📜 Queue");
    expect(queue.ephemeral).toBe(true);
    expect(queue.text).toContain("Now: **Encore Test Tones – First Tone**");
    await ann.presses(shown, "⏭ Skip");
    await says(stage, guild, "Skipped: ");
    expect(shown.buttons).toEqual([]);

    ann.says("general", `?play ${other.url}`);
    await hears(stage, guild);
    await ann.presses(await says(stage, guild, "Now playing"), "⏹ Stop");
    await stage.discord.until(() => !guild.botVoiceChannel, { what: "the bot leaves" });
  });

  it("cancel a song that is still on its way", async () => {
    const { guild, ann } = furnish(stage);
    const slow = await stage.media.addSong({ title: "Stalled", durationMs: 3000 });
    stage.media.setFaults(slow.id, { stallAtByte: 5000 });
    ann.says("general", `?play ${slow.url}`);
    await ann.presses(await says(stage, guild, "not in the cache yet"), "Cancel");
    const { buttons } = await says(stage, guild, "Cancelled: ");
    expect(buttons).toEqual([]);
    expect(await stage.cachedFiles()).not.toContainEqual(expect.stringContaining(slow.id));
  });

  it("tell a person who does not listen so, privately, and the music goes on", async () => {
    const { guild, ann } = await playing();
    const bob = guild.addPerson({ name: "Bob" });
    const pressed = await bob.presses(await says(stage, guild, "Now playing"), "⏹ Stop");
    expect(pressed.ephemeral).toBe(true);
    expect(pressed.text).toContain(ERRORS.NOT_IN_VOICE.message);
    await hears(stage, guild);
    ann.says("general", "?stop");
  });
});

describe("a long queue", () => {
  it("is read page by page", async () => {
    const { guild, ann } = await playing();
    const tones = Array.from({ length: 13 }, (_, index) => `Page Tone ${index + 1}`);
    const songs = [];
    for (const title of tones) songs.push(await stage.media.addSong({ title, durationMs: 2000 }));
    const list = stage.media.addPlaylist({ title: "Thirteen", songIds: songs.map(({ id }) => id) });
    ann.says("general", `?play https://www.youtube.com/playlist?list=${list.id}`);
    await says(stage, guild, "Added **13 songs** of the playlist to the queue.");

    const queue = await ann.uses("general", "queue");
    expect(queue.text).toMatch(/Queue · 13 tracks/u);
    expect(queue.text).toContain("Page Tone 10");
    expect(queue.text).not.toContain("Page Tone 11");
    await expect(ann.presses(queue, "◀ Back")).rejects.toThrow("disabled");
    const next = await ann.presses(queue, "Next ▶");
    expect(next.message).toBe(queue.message);
    expect(next.text).toMatch(/11\\\. .*Page Tone 11[^]*13\\\. .*Page Tone 13/u);
    await expect(ann.presses(next, "Next ▶")).rejects.toThrow("disabled");
    expect((await ann.presses(next, "◀ Back")).text).toContain("Page Tone 10");
    expect(await answerTo(stage, { ann, surface: "prefix", name: "queue", values: { page: 2 } })).toContain(
      "Page Tone 13",
    );
    expect(await answerTo(stage, { ann, surface: "slash", name: "queue", values: { page: 99 } })).toContain(
      "Page Tone 13",
    );
    expect(await answerTo(stage, { ann, surface: "prefix", name: "stop" })).toContain("14 songs taken off");
  });
});

describe("text from outside", () => {
  const TITLE = "@everyone **loud** [free](https://evil.example) <@1> `x` ||y|| # z";

  it("is shown as it is: it pings nobody, links nowhere and formats nothing", async () => {
    const { guild, ann } = furnish(stage);
    const nasty = await stage.media.addSong({ title: TITLE, artist: "@here", durationMs: 2000 });
    const from = stage.discord.rest.requests.length;
    await ann.uses("general", "play", { query: nasty.url });
    await says(stage, guild, "Played: ");
    ann.says("general", `?play ${nasty.url}`);
    await hears(stage, guild);
    ann.says("general", `?play ${nasty.url}`);
    const shown = await says(stage, guild, "number 1 in the queue");
    expect(shown.text).toContain(
      String.raw`\@everyone \*\*loud\*\* \[free\]\(https\://evil.example\) \<\@1\> \`x\` \|\|y\|\|`.replaceAll(
        "`",
        "`",
      ),
    );
    for (const { text } of written(stage, guild)) expect(text).not.toMatch(/(?<!\\)@(?:everyone|here)|\]\(/u);
    const bodies = stage.discord.rest.requests.slice(from).flatMap(({ body }) => messagesIn(body));
    expect(bodies.length).toBeGreaterThan(3);
    for (const body of bodies) expect(body.allowed_mentions).toMatchObject({ parse: [] });
    ann.says("general", "?stop");
  });
});

interface Body {
  readonly components?: unknown;
  readonly allowed_mentions?: unknown;
  readonly data?: Body;
}

/** Messages in the body of a request: itself, or what is in the answer to an interaction. */
function messagesIn(body: unknown): Body[] {
  const { data, ...message } = (body ?? {}) as Body;
  return [message, data ?? {}].filter(({ components }) => components !== undefined);
}

describe("who is listened to", () => {
  it("a direct message gets one sentence", async () => {
    const { ann } = furnish(stage);
    const { facts } = ann.whispers(`?play ${song.url}`);
    const channel = ann.guild.world.channel(facts.channelId);
    const answers = () => channel.messages.filter(({ author }) => author.id === stage.discord.botId);
    await stage.discord.until(() => answers().length > 0, { what: "an answer" });
    expect(answers().map(({ text }) => text)).toEqual([ERRORS.NOT_IN_GUILD.message]);
  });

  it("a bot gets no answer at all, a person after it does", async () => {
    const { guild, ann } = furnish(stage);
    const robot = guild.addPerson({
      name: "Robot",
      sameAs: { user: guild.world.addUser("Robot", true) } as Person,
    });
    robot.says("general", "?help");
    ann.says("general", "?help");
    await says(stage, guild, "Commands");
    expect(written(stage, guild)).toHaveLength(1);
    // The answer is there before its log line.
    await bot.event("command.run", { matches: ({ guildId }) => guildId === guild.id });
    expect(bot.named("command.run", ({ guildId }) => guildId === guild.id)).toHaveLength(1);
  });

  it("a mention works like the prefix, and other words are none of our business", async () => {
    const { guild, ann } = furnish(stage);
    ann.says("general", "? ?? what do you ?play");
    ann.says("general", "?notacommand");
    ann.says("general", `<@${stage.discord.botId}> help`);
    await says(stage, guild, "Commands");
    expect(written(stage, guild)).toHaveLength(1);
  });
});
