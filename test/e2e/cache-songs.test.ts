import { stat } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { ERRORS } from "../../src/core/errors.ts";
import type { Person } from "../sandbox/discord/person.ts";
import type { Song } from "../sandbox/media/catalogue.ts";
import type { Stage } from "../sandbox/stage.ts";
import { answerTo, furnish, hears, type Room, says } from "./actions.ts";
import { type FullCache, onFullCache, ONLY_OWNER } from "./full-cache.ts";

let full: FullCache;
let stage: Stage;
let room: Room;
let owner: Person;
let songs: readonly Song[];

onFullCache((ready) => {
  full = ready;
  ({ stage, room, owner, songs } = full);
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
    await full.startBotLimitedTo("C", "D", "E");
    const found = await does(room.ann, "find", { words: "song old" });
    expect(found).toMatch(new RegExp(String.raw`⚡ .*Song Old.* · 0:04 · .*${songs[0]!.id}`, "u"));
    expect(await does(room.ann, "pin", { song: "song old" })).toBe(ONLY_OWNER);
    expect(await does(owner, "pin", { song: "song old" })).toContain(
      "Pinned: **Encore Test Tones – Song Old**",
    );
    expect((await full.preview()).text).not.toContain("not played lately");
    expect(await does(room.ann, "find", { words: songs[0]!.id })).toContain("pinned");
    expect(await does(owner, "unpin", { song: songs[0]!.url })).toContain("No longer pinned");
    expect((await full.preview()).text).toContain("1 track not played lately");
    expect(await does(owner, "pin", { song: "nothing of the kind" })).toBe(ERRORS.NOT_CACHED.message);
  });

  it("are fetched anew while the old file plays on, and kept when that fails", async () => {
    const bot = await full.startBot();
    const song = songs[5]!;
    const file = await full.fileOf(song);
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
    await full.startBot();
    const { guild, ann, olga } = elsewhere();
    const song = await stage.media.addSong({ title: `Passing ${surface}`, artist: "Passer-by" });
    expect(await does(ann, "never")).toBe(ONLY_OWNER);
    expect(await does(olga, "never", { channel: "passer-by" })).toContain("not stored in the cache");
    ann.says("general", `?play ${song.url}`);
    const playing = await says(stage, guild, "not saved in the cache");
    await hears(stage, guild);
    await stage.discord.until(() => playing.text.includes("Played"), { what: "the song ends" });
    expect(await full.kept()).toHaveLength(6);
    expect(await stage.cachedFiles()).toHaveLength(6);
    await does(olga, "default", { channel: "passer-by" });
    ann.says("general", `?play ${song.url}`);
    await says(stage, guild, "saved to cache");
    expect(await stage.cachedFiles()).toHaveLength(7);
    ann.says("general", "?stop");
  });

  it("of a playlist that a rule is about are not stored; asked for alone they are", async () => {
    const bot = await full.startBot();
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
    const bot = await full.startBot();
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
    const bot = await full.startBot();
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
    await full.startBot();
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
    expect(await full.kept()).toHaveLength(6);
  });
});
