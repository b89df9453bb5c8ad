import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type ErrorCode, ERRORS } from "../../src/core/errors.ts";
import type { BotProcess } from "../sandbox/bot-process.ts";
import type { MediaFaults, PageState, Song } from "../sandbox/media/catalogue.ts";
import { Stage } from "../sandbox/stage.ts";
import { furnish, hears, type Room, says, written } from "./actions.ts";

interface Case {
  readonly what: string;
  readonly state?: PageState;
  readonly faults?: MediaFaults;
  /** Ask for the file itself instead of the page. */
  readonly direct?: true;
  readonly code: ErrorCode;
}

const CASES: readonly Case[] = [
  { what: "private", state: "private", code: "PRIVATE_VIDEO" },
  { what: "removed", state: "removed", code: "VIDEO_REMOVED" },
  { what: "for members only", state: "members", code: "MEMBERS_ONLY" },
  { what: "age-restricted", state: "age", code: "AGE_RESTRICTED" },
  { what: "blocked here", state: "geo", code: "REGION_BLOCKED" },
  { what: "behind a bot check", state: "bot-check", code: "BOT_CHECK" },
  { what: "live", state: "live", code: "LIVE_NOT_SUPPORTED" },
  { what: "yet to start", state: "upcoming", code: "NOT_STARTED" },
  { what: "rate limited", state: "rate-limited", code: "RATE_LIMITED" },
  { what: "at a source that cannot be reached", state: "unreachable", code: "SOURCE_UNREACHABLE" },
  { what: "cut before its first byte", faults: { cutAtByte: 0 }, code: "DOWNLOAD_INCOMPLETE" },
  { what: "cut at its beginning", faults: { cutAtByte: 700 }, code: "DOWNLOAD_INCOMPLETE" },
  { what: "cut in its middle", faults: { cutAtByte: 20_000 }, code: "DOWNLOAD_INCOMPLETE" },
  { what: "forbidden at its beginning", faults: { forbidFromByte: 0 }, code: "MEDIA_FORBIDDEN" },
  { what: "forbidden in its middle", faults: { forbidFromByte: 15_000 }, code: "MEDIA_FORBIDDEN" },
  { what: "short with a clean end", faults: { endAtByte: 15_000 }, code: "DOWNLOAD_INCOMPLETE" },
  { what: "a web page", faults: { html: true }, code: "NOT_AUDIO" },
  { what: "shorter than announced", faults: { lengthErrorBytes: 500 }, code: "DOWNLOAD_INCOMPLETE" },
  { what: "longer than announced", faults: { lengthErrorBytes: -500 }, code: "DOWNLOAD_INCOMPLETE" },
  { what: "refused with 429", faults: { status: 429 }, code: "RATE_LIMITED" },
  { what: "a dead link", faults: { status: 404 }, direct: true, code: "LINK_DEAD" },
  { what: "a link to a web page", faults: { html: true }, direct: true, code: "NOT_AUDIO" },
  {
    what: "a link whose file is cut",
    faults: { cutAtByte: 9_000 },
    direct: true,
    code: "DOWNLOAD_INCOMPLETE",
  },
  {
    what: "a link whose file ends early",
    faults: { endAtByte: 9_000 },
    direct: true,
    code: "AUDIO_INCOMPLETE",
  },
];

/** Trouble that a second try inside the download overcomes: nobody hears of it. */
const OVERCOME: readonly (readonly [string, MediaFaults])[] = [
  ["cut once", { cutAtByte: 15_000, times: 1 }],
  ["cut again and again", { cutEveryBytes: 12_000 }],
  ["forbidden until a fresh address is asked for", { forbidFromByte: 15_000, freshAddressHeals: true }],
];

const scenes = new Map<Case, Room & { readonly song: Song; readonly link: string }>();
let stage: Stage;
let bot: BotProcess;
let healthy: Song;

beforeAll(async () => {
  stage = await Stage.set({ env: { DIRECT_HOSTS: "127.0.0.1" } });
  bot = await stage.startBot();
  healthy = await stage.media.addSong({ title: "Healthy", frequencyHz: 660, durationMs: 2000 });
  for (const each of CASES) {
    const song = await stage.media.addSong({ title: each.what, durationMs: 3000 });
    const link = each.direct ? song.directUrl : song.url;
    scenes.set(each, { ...furnish(stage, { name: each.what }), song, link });
  }
});
afterEach(() => stage.expectLawful());
afterAll(() => stage[Symbol.asyncDispose]());

describe("a song that is", () => {
  it.each(CASES)("$what: one sentence, nothing kept, and the next song plays", async (each) => {
    const { guild, ann, song, link } = scenes.get(each)!;
    stage.media.setState(song.id, each.state ?? "ok");
    stage.media.setFaults(song.id, each.faults ?? {});
    const files = await stage.cachedFiles();
    ann.says("general", `?play ${link}`);
    const sentence = ERRORS[each.code].message;
    await says(stage, guild, sentence);
    ann.says("general", `?play ${healthy.url}`);
    await hears(stage, guild);
    const [told, ...later] = written(stage, guild);
    expect(told?.text.split(sentence)).toHaveLength(2);
    expect(told?.text).not.toMatch(/ERROR|yt-dlp:|HTTP|ffmpeg|\n\s+at /u);
    expect(later.map(({ text }) => text)).toEqual([expect.stringContaining(healthy.title)]);
    expect(await stage.workFiles()).toEqual([]);
    const added = (await stage.cachedFiles()).filter((file) => !files.includes(file));
    expect(added.filter((file) => !file.includes(healthy.id))).toEqual([]);
    ann.says("general", "?stop");
  });

  it("each of these: plays once the source is healthy and the pause is over", async () => {
    // The pauses last from seconds to hours; taking the notes away is what their end would do.
    await bot.stop();
    const remembered = stage.inDatabase((database) => database.prepare("delete from failures").run().changes);
    expect(remembered).toBeGreaterThan(0);
    bot = await stage.startBot();
    for (const { guild, ann, song, link } of scenes.values()) {
      stage.media.setState(song.id, "ok");
      stage.media.setFaults(song.id, {});
      guild.heard.reset();
      ann.says("general", `?play ${link}`);
    }
    await bot.event("player.finished", { count: scenes.size });
    expect(bot.named("player.failed")).toEqual([]);
    for (const { guild, song } of scenes.values()) {
      expect(Math.abs(guild.heard.durationMs - song.durationMs)).toBeLessThanOrEqual(60);
    }
    expect(await stage.workFiles()).toEqual([]);
  });
});

describe("trouble that a second try overcomes", () => {
  it.each(OVERCOME)("%s: the song plays as if nothing had been", async (what, faults) => {
    const { guild, ann } = furnish(stage, { name: what });
    const song = await stage.media.addSong({ title: what, durationMs: 2000 });
    stage.media.setFaults(song.id, faults);
    ann.says("general", `?play ${song.url}`);
    await bot.event("player.finished", { matches: ({ id }) => id === song.id });
    expect(Math.abs(guild.heard.durationMs - song.durationMs)).toBeLessThanOrEqual(60);
    expect(await stage.workFiles()).toEqual([]);
  });
});

describe("a failure", () => {
  it("is remembered: the next one who asks is told at once and nothing is fetched", async () => {
    const { guild, ann } = furnish(stage);
    const song = await stage.media.addSong({ title: "Refused", durationMs: 2000 });
    stage.media.setFaults(song.id, { forbidFromByte: 0 });
    ann.says("general", `?play ${song.url}`);
    await says(stage, guild, ERRORS.MEDIA_FORBIDDEN.message);
    const { requests } = stage.media.counters(song.id);
    ann.says("general", `?play ${song.url}`);
    const told = () =>
      written(stage, guild).filter(({ text }) => text.includes(ERRORS.MEDIA_FORBIDDEN.message));
    await stage.discord.until(() => told().length === 2, { what: "the second refusal" });
    expect(stage.media.counters(song.id).requests).toBe(requests);
  });
});
