import { existsSync } from "node:fs";
import { cp, rm, stat } from "node:fs/promises";
import * as path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ERRORS } from "../../src/core/errors.ts";
import { formatBytes } from "../../src/core/format.ts";
import type { BotProcess } from "../sandbox/bot-process.ts";
import type { Message } from "../sandbox/discord/message.ts";
import type { Person } from "../sandbox/discord/person.ts";
import type { Song } from "../sandbox/media/catalogue.ts";
import { Stage } from "../sandbox/stage.ts";
import { answerTo, furnish, hears, type Room, says } from "./actions.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const ONLY_OWNER = "Only the owner of this bot may do that.";

let stage: Stage;
let bot: BotProcess;
let room: Room;
let owner: Person;
let songs: Song[];

/** Six cached songs: the first was last played 200 days ago, the others 1 to 5 days ago; the limit holds about three. */
beforeAll(async () => {
  stage = await Stage.set({ env: { CACHE_AUTO_CLEANUP: "false" } });
  room = furnish(stage, { name: "Home" });
  owner = room.guild.addPerson({ name: "Olga", permissions: "administrator" });
  stage.discord.makeOwner(owner);
  songs = [];
  for (const title of ["Old", "A", "B", "C", "D", "E"])
    songs.push(await stage.media.addSong({ title: `Song ${title}`, durationMs: 4000 }));
  await fill();
});
beforeEach(async () => {
  await Promise.all(FOLDERS.map((name) => rm(inStage(name), { recursive: true, force: true })));
  await Promise.all(FOLDERS.map((name) => cp(inStage(`${name}.full`), inStage(name), { recursive: true })));
  age();
});
afterEach(async () => {
  await bot.stop();
  stage.expectLawful();
});
afterAll(() => stage[Symbol.asyncDispose]());

const FOLDERS = ["cache", "data"];
const inStage = (name: string): string => path.join(stage.directory, name);

/** Puts every song into the cache, once, and keeps a copy of that state. */
async function fill(): Promise<void> {
  bot = await stage.startBot();
  for (const song of songs) {
    const { ann } = furnish(stage, { name: song.title });
    ann.says("general", `?play ${song.url}`);
  }
  await bot.event("player.started", { count: songs.length });
  // A song plays before it is stored.
  await bot.event("cache.published", { count: songs.length });
  await bot.stop();
  await Promise.all(FOLDERS.map((name) => cp(inStage(name), inStage(`${name}.full`), { recursive: true })));
}

/** Only songs that were not made just now may be cleaned up, so time is set back while the bot is stopped. */
function age(): void {
  stage.inDatabase((database) => {
    const update = database.prepare(
      "update cache_entries set created_at_ms = @atMs, last_played_at_ms = @atMs, evict_key = @rank where key = @key",
    );
    for (const [index, { id }] of songs.entries()) {
      const atMs = Date.now() - (index === 0 ? 200 : songs.length - index) * DAY_MS;
      update.run({ key: id, atMs, rank: index });
    }
  });
}

const bytesOf = (...keys: string[]): number =>
  stage.inDatabase((database) => {
    const rows = database.prepare("select key, bytes from cache_entries").all() as {
      key: string;
      bytes: number;
    }[];
    return rows.filter(({ key }) => keys.includes(key)).reduce((sum, { bytes }) => sum + bytes, 0);
  });

const ids = (...titles: string[]): string[] =>
  songs.filter(({ title }) => titles.includes(title.replace("Song ", ""))).map(({ id }) => id);

/** Songs whose file is there, by the end of their titles. */
async function kept(): Promise<string[]> {
  const files = await stage.cachedFiles();
  const found = songs.filter(({ id }) => files.some((file) => file.endsWith(`/${id}.opus`)));
  return found.map(({ title }) => title.replace("Song ", ""));
}

/** A bot whose limit is a little more than these songs take. */
async function limitedTo(...titles: string[]): Promise<void> {
  const limit = Math.ceil(bytesOf(...ids(...titles)) * 1.06);
  bot = await stage.startBot({ CACHE_LIMIT: `${limit}B`, CACHE_ADMIN_GUILDS: room.guild.id });
}

async function preview(): Promise<Message> {
  const asked = owner.says("general", "?cache_cleanup");
  const found = (): Message | undefined =>
    room.guild.channel("general").messages.find(({ facts }) => facts.replyTo === asked);
  return await stage.discord.until(found, { what: "the preview" });
}

describe("cache", () => {
  it("shows tracks, bytes, limit, hits and misses, and the most played", async () => {
    bot = await stage.startBot({ CACHE_LIMIT: "1MiB" });
    room.ann.says("general", `?play ${songs[3]!.url}`);
    await hears(stage, room.guild);
    const counts = (): unknown =>
      stage.inDatabase((database) =>
        database.prepare("select outcome, count(*) as plays from plays group by outcome").all(),
      );
    const plays = new Map(
      (counts() as { outcome: string; plays: number }[]).map((row) => [row.outcome, row.plays]),
    );
    const [hits = 0, misses = 0] = [plays.get("hit"), plays.get("miss")];
    const bytes = bytesOf(...songs.map(({ id }) => id));
    const share = Math.floor((bytes / 1024 ** 2) * 100);
    for (const surface of ["prefix", "slash"] as const) {
      const text = await answerTo(stage, { ann: room.ann, surface, name: "cache stats" });
      expect(text).toContain(`**6** tracks · **${formatBytes(bytes)} of 1 MiB** (${share} %)`);
      expect(text).toContain(`**${Math.floor((hits / (hits + misses)) * 100)} %** hit rate (30 days)`);
      expect(text).toMatch(new RegExp(`${hits} hits? · ${misses} miss(?:es)? · 0 joined`, "u"));
      expect(text).toContain("Song C");
      expect(text).toContain("Here: 1 play · **100 %** without a download");
    }
    const shown = await room.ann.uses("general", "cache stats");
    expect(shown.ephemeral).toBe(true);
    expect((await room.ann.presses(shown, "Refresh")).text).toContain("**6** tracks");
    room.ann.says("general", "?stop");
  });
});

describe.each(["prefix", "slash"] as const)("single songs of the cache, by %s commands", (surface) => {
  const does = (who: Person, name: string, values: Record<string, string> = {}): Promise<string> =>
    answerTo(stage, { ann: who, surface, name: `cache ${name}`, values });

  /** Waits until the answer has changed into this. */
  async function endsWith(values: Record<string, string>, text: string): Promise<void> {
    const used = surface === "slash" ? await owner.uses("general", "cache refresh", values) : undefined;
    const asked = used
      ? undefined
      : owner.says("general", `?cache refresh ${Object.values(values).join(" ")}`);
    const answer = (): string =>
      used?.text ??
      room.guild.channel("general").messages.find(({ facts }) => facts.replyTo === asked)?.text ??
      "";
    await stage.discord.until(() => answer().includes(text), { what: `an answer with ${text}` });
  }

  /** A guild without any messages, with a person and the owner in it. */
  function elsewhere(): Room & { readonly olga: Person } {
    const other = furnish(stage, { name: `For ${surface}` });
    return { ...other, olga: other.guild.addPerson({ name: "Olga", sameAs: owner }) };
  }

  it("are found by everyone; pinned ones stay when others go", async () => {
    await limitedTo("C", "D", "E");
    const found = await does(room.ann, "find", { words: "song old" });
    expect(found).toMatch(new RegExp(String.raw`⚡ .*Song Old.* · 0:04 · .*${songs[0]!.id}`, "u"));
    expect(await does(room.ann, "pin", { song: "song old" })).toBe(ONLY_OWNER);
    expect(await does(owner, "pin", { song: "song old" })).toContain(
      "Pinned: **Encore Test Tones – Song Old**",
    );
    expect((await preview()).text).not.toContain("not played lately");
    expect(await does(room.ann, "find", { words: songs[0]!.id })).toContain("pinned");
    expect(await does(owner, "unpin", { song: songs[0]!.url })).toContain("No longer pinned");
    expect((await preview()).text).toContain("1 track not played lately");
    expect(await does(owner, "pin", { song: "nothing of the kind" })).toBe(ERRORS.NOT_CACHED.message);
  });

  it("are fetched anew while the old file plays on, and kept when that fails", async () => {
    bot = await stage.startBot();
    const song = songs[5]!;
    const file = path.join(
      stage.cacheDirectory,
      "audio",
      (await stage.cachedFiles()).find((name) => name.includes(song.id))!,
    );
    const before = await stat(file);
    room.ann.says("general", `?play ${song.url}`);
    await hears(stage, room.guild);
    await endsWith({ song: "song e" }, "Fetched anew");
    expect((await stat(file)).ino).not.toBe(before.ino);
    await hears(stage, room.guild);
    await bot.event("player.finished");

    stage.media.setState(song.id, "private");
    const good = await stat(file);
    await endsWith({ song: song.id }, ERRORS.PRIVATE_VIDEO.message);
    expect((await stat(file)).ino).toBe(good.ino);
    stage.media.setState(song.id, "ok");
  });

  it("play without being stored where a rule says so, until it is taken back", async () => {
    bot = await stage.startBot();
    const { guild, ann, olga } = elsewhere();
    const song = await stage.media.addSong({ title: `Passing ${surface}`, artist: "Passer-by" });
    expect(await does(ann, "never")).toBe(ONLY_OWNER);
    expect(await does(olga, "never", { channel: "passer-by" })).toContain("not stored in the cache");
    ann.says("general", `?play ${song.url}`);
    const playing = await says(stage, guild, "not saved in the cache");
    await hears(stage, guild);
    await stage.discord.until(() => playing.text.includes("Played"), { what: "the song ends" });
    expect(await kept()).toHaveLength(6);
    expect(await stage.cachedFiles()).toHaveLength(6);
    await does(olga, "default", { channel: "passer-by" });
    ann.says("general", `?play ${song.url}`);
    await says(stage, guild, "saved to cache");
    expect(await stage.cachedFiles()).toHaveLength(7);
    ann.says("general", "?stop");
  });

  it("of a playlist that a rule is about are not stored; asked for alone they are", async () => {
    bot = await stage.startBot();
    const { guild, ann, olga } = elsewhere();
    const song = await stage.media.addSong({ title: `Listed ${surface}`, durationMs: 1_000 });
    const { id } = stage.media.addPlaylist({ title: "Once", songIds: [song.id] });
    const playlist = `https://www.youtube.com/playlist?list=${id}`;
    const files = await stage.cachedFiles();
    expect(
      await does(olga, "never", { playlist: surface === "prefix" ? `playlist ${playlist}` : playlist }),
    ).toContain(`of the playlist \`${id}\``);
    ann.says("general", `?play ${playlist}`);
    await bot.event("player.finished");
    expect(bot.named("cache.unstored")).toMatchObject([{ code: "NOT_KEPT" }]);
    expect(await stage.cachedFiles()).toEqual(files);
    ann.says("general", `?play ${song.url}`);
    await says(stage, guild, "saved to cache");
    expect(await stage.cachedFiles()).toHaveLength(files.length + 1);
    ann.says("general", "?stop");
  });

  it("play although they failed just now, when an admin forces it", async () => {
    bot = await stage.startBot();
    const { guild, ann, olga } = elsewhere();
    olga.joinVoice("Lounge");
    const song = await stage.media.addSong({ title: `Stubborn ${surface}` });
    stage.media.setFaults(song.id, { status: 403 });
    ann.says("general", `?play ${song.url}`);
    await says(stage, guild, ERRORS.MEDIA_FORBIDDEN.message);
    stage.media.setFaults(song.id, {});
    const asked = stage.media.counters(song.id).requests;
    ann.says("general", `?play ${song.url}`);
    await bot.event("player.failed", { count: 2 });
    expect(stage.media.counters(song.id).requests).toBe(asked);
    if (surface === "slash") await olga.uses("general", "play", { query: song.url, force: true });
    else olga.says("general", `?play ${song.url} --force`);
    await hears(stage, guild);
    olga.says("general", "?stop");
  });

  it("are fetched for later, a whole list of them, and counted as no plays", async () => {
    bot = await stage.startBot();
    const fresh = [
      await stage.media.addSong({ title: `Fresh One ${surface}` }),
      await stage.media.addSong({ title: `Fresh Two ${surface}` }),
    ];
    const { id } = stage.media.addPlaylist({
      id: `PLwarm${surface}encore`,
      title: "For later",
      songIds: [songs[0]!.id, ...fresh.map((song) => song.id)],
    });
    const link = `https://www.youtube.com/playlist?list=${id}`;
    const { guild, ann, olga } = elsewhere();
    expect(await does(ann, "warm", { playlist: link })).toBe(ONLY_OWNER);
    await does(olga, "warm", { playlist: link });
    const done = await says(stage, guild, "All songs were looked at.");
    expect(done.text).toContain("**2 songs** fetched · 1 song there already");
    expect(await stage.cachedFiles()).toHaveLength(8);
    expect(bot.named("cache.hit")).toEqual([]);
    ann.says("general", `?play ${fresh[1]!.url}`);
    await hears(stage, guild);
    expect(bot.named("cache.hit")).toHaveLength(1);
    ann.says("general", "?stop");
  });

  it("stop being fetched when somebody who may presses Cancel", async () => {
    bot = await stage.startBot();
    const slow = await stage.media.addSong({ title: `Slow ${surface}` });
    stage.media.setFaults(slow.id, { throttleBytesPerSecond: 2_000 });
    const { id } = stage.media.addPlaylist({
      id: `PLslow${surface}encore`,
      title: "Too slow",
      songIds: [slow.id, songs[0]!.id],
    });
    const { guild, ann, olga } = elsewhere();
    await does(olga, "warm", { playlist: `https://www.youtube.com/playlist?list=${id}` });
    const shown = await says(stage, guild, `Slow ${surface}`);
    const refused = await ann.presses(shown, "Cancel");
    expect(refused.text).toBe(ONLY_OWNER);
    await olga.presses(shown, "Cancel");
    await stage.discord.until(() => shown.text.includes("Cancelled."), { what: "the end" });
    expect(await kept()).toHaveLength(6);
  });
});

describe("cache_cleanup", () => {
  it("previews, lists, deletes what it said, and tells the numbers", async () => {
    await limitedTo("C", "D", "E");
    const going = ids("Old", "A", "B");
    const size = formatBytes(bytesOf(...going));
    const shown = await preview();
    expect(shown.text).toMatch(
      /preview — nothing deleted yet[^]*1 track not played lately[^]*2 tracks over the limit/u,
    );
    expect(shown.text).toContain(`**3 files**, **${size}**`);
    const list = await owner.presses(shown, "Show list");
    expect(list.ephemeral).toBe(true);
    for (const { id } of songs) expect(list.text.includes(id)).toBe(going.includes(id));
    expect(await kept()).toHaveLength(6);

    await owner.presses(shown, "Delete 3 files");
    await stage.discord.until(() => shown.text.includes("Clean-up done"), { what: "the report" });
    expect(shown.text).toContain(`Deleted **3 files**, **${size}** freed`);
    expect(shown.buttons).toEqual([]);
    expect(await kept()).toEqual(["C", "D", "E"]);
    expect(new Set(bot.named("cache.removed").map(({ key }) => key))).toEqual(new Set(going));
    const nothing = await preview();
    expect(nothing.text).toContain("Nothing to clean up");
  });

  it("shows a new preview instead of deleting when the cache has changed", async () => {
    await limitedTo("C", "D", "E");
    const shown = await preview();
    room.ann.says("general", `?play ${songs[1]!.url}`);
    await hears(stage, room.guild);
    await owner.presses(shown, "Delete 3 files");
    await stage.discord.until(() => shown.text.includes("The cache has changed — nothing deleted yet"), {
      what: "the new preview",
    });
    expect(await kept()).toHaveLength(6);
    await owner.presses(shown, "Delete 3 files");
    await stage.discord.until(() => shown.text.includes("Clean-up done"), { what: "the report" });
    expect(await kept()).toEqual(["A", "D", "E"]);
    room.ann.says("general", "?stop");
  });

  it("obeys the one who asked, and only with the right to", async () => {
    await limitedTo("C", "D", "E");
    const shown = await preview();
    const admin = room.guild.addPerson({ name: "Adam", permissions: "administrator" });
    const foreign = await admin.presses(shown, "Delete 3 files");
    expect(foreign).toMatchObject({ ephemeral: true, text: ERRORS.NOT_YOUR_BUTTON.message });
    const member = await room.ann.presses(shown, "Delete 3 files");
    expect(member).toMatchObject({ ephemeral: true, text: ONLY_OWNER });
    await owner.presses(shown, "Cancel");
    expect(shown.text).toContain("Nothing was deleted");
    expect(await kept()).toHaveLength(6);
  });
});

describe("cache_clear", () => {
  it("wants the number of tracks, and lets what plays play to its end", async () => {
    bot = await stage.startBot();
    const last = songs[5]!;
    const file = path.join(
      stage.cacheDirectory,
      "audio",
      (await stage.cachedFiles()).find((name) => name.includes(last.id))!,
    );
    const used = await owner.uses("general", "cache_clear");
    expect(used.ephemeral).toBe(true);
    expect(used.text).toContain("**6 tracks**");
    room.ann.says("general", `?play ${last.url}`);
    await hears(stage, room.guild);

    const form = await owner.presses(used, "Delete everything…");
    const wrong = await owner.submitsModal(form, { "Type 6 to confirm": "7" });
    expect(wrong).toMatchObject({ ephemeral: true, text: ERRORS.WRONG_NUMBER.message });
    expect(await kept()).toHaveLength(6);

    const again = await owner.presses(used, "Delete everything…");
    await owner.submitsModal(again, { "Type 6 to confirm": "6" });
    await stage.discord.until(() => used.text.includes("Cache cleared"), { what: "the report" });
    expect(used.text).toMatch(/Deleted \*\*5 files\*\*[^]*1 track playing now: deleted when it ends/u);
    expect(await kept()).toEqual(["E"]);
    await bot.event("player.finished");
    await stage.discord.until(() => !existsSync(file), { what: "the last file goes" });
    expect(room.guild.heard.sounding.length).toBeGreaterThan(0);
    await bot.event("cache.removed", { count: 6 });
  });

  it("takes the number behind the prefix command too", async () => {
    bot = await stage.startBot();
    const does = (line: string): Promise<string> =>
      answerTo(stage, { ann: owner, surface: "prefix", name: line });
    expect(await does("cache_clear")).toContain("or type `?cache_clear confirm 6`");
    expect(await does("cache_clear confirm 5")).toBe(ERRORS.WRONG_NUMBER.message);
    expect(await kept()).toHaveLength(6);
    expect(await does("cache_clear confirm 6")).toContain("Deleted **6 files**");
    expect(await kept()).toEqual([]);
  });
});

describe("who may clean and clear", () => {
  it("is the owner; an administrator only where the operator says so; a member never", async () => {
    const elsewhere = furnish(stage, { name: "Elsewhere" });
    const stranger = elsewhere.guild.addPerson({ name: "Sven", permissions: "administrator" });
    const guest = elsewhere.guild.addPerson({ name: "Olga", sameAs: owner });
    bot = await stage.startBot();
    const admin = room.guild.addPerson({ name: "Adam", permissions: "administrator" });
    for (const name of ["cache_cleanup", "cache_clear"]) {
      for (const who of [room.ann, admin, stranger]) {
        expect(await answerTo(stage, { ann: who, surface: "prefix", name })).toBe(ONLY_OWNER);
      }
      for (const who of [admin, stranger]) {
        expect(await answerTo(stage, { ann: who, surface: "slash", name })).toBe(ONLY_OWNER);
      }
      await expect(room.ann.uses("general", name)).rejects.toThrow("does not see the command");
      for (const who of [owner, guest]) {
        expect(await answerTo(stage, { ann: who, surface: "prefix", name })).not.toContain("may do that");
      }
    }
    await bot.stop();
    bot = await stage.startBot({ CACHE_ADMIN_GUILDS: room.guild.id });
    const may = (who: Person): Promise<string> =>
      answerTo(stage, { ann: who, surface: "slash", name: "cache_cleanup" });
    expect(await may(admin)).toContain("Clean-up preview");
    expect(await may(stranger)).toBe(ONLY_OWNER);
    await says(stage, elsewhere.guild, ONLY_OWNER);
  });

  it("is an administrator while the bot serves that one guild", async () => {
    await using small = await Stage.set();
    const { guild } = furnish(small);
    const admin = guild.addPerson({ name: "Adam", permissions: "administrator" });
    await small.startBot();
    expect(await answerTo(small, { ann: admin, surface: "slash", name: "cache_clear" })).toContain(
      "empty already",
    );
  });
});
