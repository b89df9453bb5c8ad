import * as path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { packetsIn } from "../fakes/packets.ts";
import type { BotProcess, LogEvent } from "../sandbox/bot-process.ts";
import type { OptionValues } from "../sandbox/discord/person.ts";
import type { Song } from "../sandbox/media/catalogue.ts";
import type { Stage } from "../sandbox/stage.ts";
import { answerMessage, answerTo, furnish, hears, measure, onStage, type Room, says } from "./actions.ts";

const SURFACES = ["prefix", "slash"] as const;
const SHORT_HZ = [392, 494, 587, 698] as const;

let stage: Stage;
let bot: BotProcess;
let long: Song;
/** Two seconds each, told apart by their tones. */
let short: readonly Song[];

onStage(async (ready) => {
  stage = ready;
  bot = await stage.startBot();
  long = await stage.media.addSong({ title: "Long Tone", durationMs: 14_000 });
  short = await Promise.all(
    SHORT_HZ.map((frequencyHz) =>
      stage.media.addSong({ title: `Tone ${frequencyHz}`, frequencyHz, durationMs: 2_000 }),
    ),
  );
});

/** All are cached, so that nothing is waited for. */
beforeAll(async () => {
  const { guild, ann } = furnish(stage);
  for (const song of [long, ...short]) {
    ann.says("general", `?play ${song.url}`);
    await bot.event("cache.published", { matches: ({ key }) => key === song.id });
  }
  ann.says("general", "?stop");
  await says(stage, guild, "Stopped");
});

type Surface = (typeof SURFACES)[number];

/** A guild where Ann uses commands in one way. */
class Desk {
  readonly room: Room = furnish(stage);
  readonly #surface: Surface;

  constructor(surface: Surface) {
    this.#surface = surface;
  }

  async does(name: string, values: OptionValues = {}): Promise<string> {
    return await answerTo(stage, { ann: this.room.ann, surface: this.#surface, name, values });
  }

  /** One plays and the others wait. */
  async plays(first: Song, ...others: readonly Song[]): Promise<void> {
    await this.does("play", { query: first.url });
    await hears(stage, this.room.guild);
    for (const { url } of others) await this.does("play", { query: url });
  }

  /** What has begun to play here so far. */
  get started(): readonly unknown[] {
    return bot.named("player.started", (event) => this.#isHere(event)).map(({ id }) => id);
  }

  /** Waits until so many songs have begun here. Each is a part of what is heard, by its number. */
  async begins(count: number): Promise<void> {
    await bot.event("player.started", { count, matches: (event) => this.#isHere(event) });
    this.room.guild.heard.mark(String(count));
  }

  /** Waits until so many songs are over here. */
  async ends(count: number): Promise<void> {
    await bot.event("player.finished", { count, matches: (event) => this.#isHere(event) });
  }

  /** Waits until the only song is over, and everything of it has arrived. */
  async fallsSilent(): Promise<void> {
    await this.ends(1);
    const { heard } = this.room.guild;
    await stage.discord.until(() => heard.packets.at(-1)?.isSilence, { what: "silence after the song" });
  }

  /** The tones of the songs that were marked. */
  async tones(...parts: readonly number[]): Promise<number[]> {
    const { heard } = this.room.guild;
    const sounds = await Promise.all(parts.map((part) => measure(stage, heard.part(String(part)))));
    return sounds.map(({ dominantFrequencyHz }) => Math.round(dominantFrequencyHz));
  }

  #isHere({ guildId }: LogEvent): boolean {
    return guildId === this.room.guild.id;
  }
}

/** The packets of a cached song as they lie in its file. */
async function filed({ id }: Song): Promise<string[]> {
  const name = (await stage.cachedFiles()).find((file) => file.endsWith(`/${id}.opus`)) ?? "none";
  const packets = await packetsIn(path.join(stage.cacheDirectory, "audio", name), 0);
  return packets.map((packet) => packet.toString("base64"));
}

describe.each(SURFACES)("the queue, by %s commands", (surface) => {
  it("is heard in the order that it was given: moved, removed, gone back to, passed over", async () => {
    const desk = new Desk(surface);
    const [a, b, c, d] = short as readonly [Song, Song, Song, Song];
    await desk.plays(long, a, b, c, d);
    expect(await desk.does("move", { from: 4, to: 1 })).toContain("to number 1 in the queue");
    expect(await desk.does("remove songs", { numbers: "3" })).toMatch(/Removed .*Tone 494/u);
    // The long one, then 698, 392, 587.
    expect(await desk.does("skip", { to: 2 })).toMatch(/Going on with .*Tone 392/u);
    await desk.begins(2);
    await desk.begins(3);
    expect(await desk.does("back")).toMatch(/Back to .*Tone 392/u);
    await desk.begins(4);
    await desk.begins(5);
    await desk.ends(5);
    expect(desk.started).toEqual([long, a, c, a, c].map(({ id }) => id));
    expect(await desk.tones(2, 4, 5)).toEqual([392, 392, 587]);
    await desk.does("stop");
  });

  it("is cleared, mixed, and freed of what is there twice or somebody's", async () => {
    const desk = new Desk(surface);
    const [a, b, c] = short as readonly [Song, Song, Song];
    const bob = desk.room.guild.addPerson({ name: "Bob" });
    bob.joinVoice("Lounge");
    expect(await desk.does("shuffle")).toContain("Nothing is waiting.");
    await desk.plays(long, a, b, a);
    expect(await desk.does("remove duplicates")).toMatch(/Removed .*Tone 392/u);
    bob.says("general", `?play ${c.url}`);
    await says(stage, desk.room.guild, /Tone 587.* number 3 in the queue/u);
    expect(await desk.does("shuffle")).toContain("Mixed **3 songs**");
    const person = surface === "slash" ? bob.id : `<@${bob.id}>`;
    expect(await desk.does("remove user", { person })).toMatch(/Removed .*Tone 587/u);
    expect(await desk.does("remove user", { person })).toContain("is in the queue.");
    expect(await desk.does("clear")).toContain("Removed **2 songs**");
    await hears(stage, desk.room.guild);
    expect(await desk.does("queue")).toMatch(/Now: .*Long Tone[^]*Nothing is waiting/u);
    await desk.does("stop");
  });

  it("is repeated, and so is a song", async () => {
    const desk = new Desk(surface);
    const [a, b] = short as readonly [Song, Song];
    await desk.plays(a, b);
    expect(await desk.does("loop", { mode: "queue" })).toContain("All songs are repeated in turn.");
    for (const count of [2, 3, 4]) await desk.begins(count);
    expect(await desk.does("loop", { mode: "track" })).toContain("This song is repeated");
    for (const count of [5, 6]) await desk.begins(count);
    expect(await desk.does("loop", { mode: "off" })).toContain("Nothing is repeated.");
    await desk.ends(7);
    expect(desk.started).toEqual([a, b, a, b, b, b, a].map(({ id }) => id));
    expect(await desk.tones(2, 3, 4, 5)).toEqual([494, 392, 494, 494]);
  });

  it("is left waiting by the sleep timer when the song is over", async () => {
    const desk = new Desk(surface);
    const [a, b] = short as readonly [Song, Song];
    await desk.plays(a, b);
    expect(await desk.does("sleep", { instead: "song" })).toContain("when this song is over");
    await desk.ends(1);
    const { guild } = desk.room;
    await stage.discord.until(() => guild.botVoiceChannel === undefined, { what: "the bot leaves" });
    expect(await desk.does("queue")).toMatch(/1\\\. .*Tone 494/u);
    expect(await desk.does("sleep")).toContain("No sleep timer is set");
    expect(await desk.does("resume")).toContain("Going on");
    await desk.ends(2);
    expect(desk.started).toEqual([a.id, b.id]);
  });
});

describe.each(SURFACES)("a song, by %s commands", (surface) => {
  it.each([
    ["forward", { by: "8" }, -400],
    ["rewind", { by: "0:03" }, 150],
  ] as const)("%s goes that far from where it is", async (name, values, packets) => {
    const desk = new Desk(surface);
    const { guild } = desk.room;
    await desk.plays(long);
    // Far enough not to be held up by the beginning.
    await hears(stage, guild, 180);
    expect(await desk.does(name, values)).toMatch(/Going on at \*\*0:\d\d\*\*\./u);
    await desk.fallsSilent();
    const file = await filed(long);
    const heard = guild.heard.sounding.map(({ opus }) => opus.toString("base64"));
    // What was sent while the new position was opened is heard besides.
    const besides = heard.length - (file.length + packets);
    expect(besides).toBeGreaterThanOrEqual(0);
    expect(besides).toBeLessThanOrEqual(50);
    expect(heard.slice(-200)).toEqual(file.slice(-200));
  });

  it("is replayed from its beginning", async () => {
    const desk = new Desk(surface);
    const { guild } = desk.room;
    await desk.plays(short[0]!);
    await hears(stage, guild, 40);
    expect(await desk.does("replay")).toContain("Going on at **0:00**.");
    await desk.fallsSilent();
    const file = await filed(short[0]!);
    const heard = guild.heard.sounding.map(({ opus }) => opus.toString("base64"));
    expect(heard.slice(-file.length)).toEqual(file);
    expect(heard.length).toBeGreaterThanOrEqual(file.length + 40);
  });
});

describe("the songs of a page", () => {
  it.each(SURFACES)(
    "are jumped to, moved to the front and removed by choosing them (%s)",
    async (surface) => {
      const desk = new Desk(surface);
      const { ann } = desk.room;
      const [a, b, c, d] = short as readonly [Song, Song, Song, Song];
      await desk.plays(long, a, b, c, d);
      const page = await answerMessage(stage, { ann, surface, name: "queue" });
      expect(page.text).toMatch(/Queue · 4 tracks · 0:08[^]*Now: .*Long Tone[^]*1\\\. ⚡ .*Tone 392/u);
      expect(page.ephemeral).toBe(surface === "slash");
      const chosen = await ann.selects(page, ["2. Encore Test Tones – Tone 494"]);
      expect(chosen.text).toMatch(/Number 2 in the queue[^]*Tone 494/u);
      expect((await ann.presses(chosen, "🗑 Remove it")).text).toMatch(
        /Removed .*494[^]*2\\\. ⚡ .*Tone 587/u,
      );
      await ann.selects(page, ["3. Encore Test Tones – Tone 698"]);
      expect((await ann.presses(page, "⏫ Play it next")).text).toMatch(
        /Moved .*698[^]*1\\\. ⚡ .*Tone 698/u,
      );
      await ann.selects(page, ["3. Encore Test Tones – Tone 587"]);
      expect((await ann.presses(page, "⏭ Jump to it")).text).toMatch(/Going on with .*Tone 587/u);
      await desk.begins(2);
      expect(desk.started).toEqual([long.id, c.id]);
      expect((await ann.presses(page, "📜 Back to the queue")).text).toContain("Nothing is waiting");
      await desk.does("stop");
    },
  );

  it("work after a restart, and are for listeners only", async () => {
    const desk = new Desk("prefix");
    const { guild, ann } = desk.room;
    const bob = guild.addPerson({ name: "Bob" });
    await desk.plays(long, short[0]!, short[1]!);
    const page = await answerMessage(stage, { ann, surface: "prefix", name: "queue" });
    await bot.stop();
    bot = await stage.startBot();
    await hears(stage, guild);
    await ann.selects(page, ["1. Encore Test Tones – Tone 392"]);
    const refused = await bob.presses(page, "🗑 Remove it");
    expect(refused.followUps.at(-1)?.text ?? refused.text).toContain("You are not in a voice channel.");
    expect((await ann.presses(page, "🗑 Remove it")).text).toMatch(/Removed .*392[^]*1\\\. ⚡ .*Tone 494/u);
    await desk.does("stop");
  });
});

describe.each(SURFACES)("people together, by %s commands", (surface) => {
  it("vote about a song of somebody else: its last vote is a press", async () => {
    const { guild, ann } = furnish(stage);
    const [bob, cid, dan] = ["Bob", "Cid", "Dan"].map((name) => guild.addPerson({ name }));
    if (!bob || !cid || !dan) throw new Error("there are three of them");
    for (const person of [bob, cid, dan]) person.joinVoice("Lounge");
    const boss = guild.addPerson({ name: "Boss", permissions: "administrator" });
    boss.says("general", "?settings vote-skip on");
    await says(stage, guild, "vote-skip");
    for (const { url } of [long, short[0]!]) ann.says("general", `?play ${url}`);
    await says(stage, guild, "number 1 in the queue");
    await hears(stage, guild);
    const poll = await answerMessage(stage, { ann: bob, surface, name: "skip" });
    expect(poll.text).toMatch(/Skip .*Long Tone.*1 of 2/u);
    expect((await bob.presses(poll, "⏭ Skip (1 of 2)")).text).toContain("1 of 2");
    expect(await answerTo(stage, { ann: cid, surface, name: "back" })).toContain("People vote here");
    expect((await cid.presses(poll, "⏭ Skip (1 of 2)")).text).toMatch(/Skipped .*Long Tone/u);
    const matches = ({ guildId }: LogEvent): boolean => guildId === guild.id;
    await bot.event("player.started", { count: 2, matches });
    ann.says("general", "?stop");
  });

  it("call the bot over, unless others listen to it", async () => {
    const room = furnish(stage, { voice: ["Lounge", "Garden"] });
    const { guild, ann } = room;
    const bob = guild.addPerson({ name: "Bob" });
    bob.joinVoice("Garden");
    ann.says("general", `?play ${long.url}`);
    await hears(stage, guild);
    const lounge = `<#${guild.channel("Lounge").id}>`;
    expect(await answerTo(stage, { ann: bob, surface, name: "summon" })).toContain(
      `I am playing in ${lounge}.`,
    );
    ann.joinVoice("Garden");
    expect(await answerTo(stage, { ann, surface, name: "summon" })).toContain(
      `Here I am, in <#${guild.channel("Garden").id}>.`,
    );
    const garden = guild.listen("Garden");
    await stage.discord.until(() => garden.sounding.length > 10, { what: "sound in the garden" });
    expect(await answerTo(stage, { ann: bob, surface, name: "nowplaying" })).toContain("Long Tone");
    ann.says("general", "?stop");
  });
});
