import { describe, expect, it } from "vitest";
import { ERRORS } from "../../src/core/errors.ts";
import type { MediaFaults } from "../sandbox/media/catalogue.ts";
import type { Stage } from "../sandbox/stage.ts";
import { furnish, onStage, says, written } from "./actions.ts";
import { expectFailure, expectHealed, type FailingSong, Failures } from "./failing-songs.ts";

const CASES: readonly FailingSong[] = [
  { what: "private", state: "private", code: "PRIVATE_VIDEO" },
  { what: "removed", state: "removed", code: "VIDEO_REMOVED" },
  { what: "for members only", state: "members", code: "MEMBERS_ONLY" },
  { what: "age-restricted", state: "age", code: "AGE_RESTRICTED" },
  { what: "blocked here", state: "geo", code: "REGION_BLOCKED" },
  { what: "behind a bot check", state: "bot-check", code: "BOT_CHECK" },
  { what: "yet to start", state: "upcoming", code: "NOT_STARTED" },
  { what: "rate limited", state: "rate-limited", code: "RATE_LIMITED" },
  { what: "at a source that cannot be reached", state: "unreachable", code: "SOURCE_UNREACHABLE" },
  { what: "cut before its first byte", faults: { cutAtByte: 0 }, code: "DOWNLOAD_INCOMPLETE" },
  { what: "forbidden at its beginning", faults: { forbidFromByte: 0 }, code: "MEDIA_FORBIDDEN" },
  { what: "forbidden in its middle", faults: { forbidFromByte: 15_000 }, code: "MEDIA_FORBIDDEN" },
  { what: "a web page", faults: { html: true }, code: "NOT_AUDIO" },
  { what: "shorter than announced", faults: { lengthErrorBytes: 500 }, code: "DOWNLOAD_INCOMPLETE" },
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

let failures: Failures;
let stage: Stage;

onStage(
  async (ready) => {
    stage = ready;
    failures = await Failures.prepare(stage, CASES);
  },
  { env: { DIRECT_HOSTS: "127.0.0.1" } },
);

describe("a song that is", () => {
  it.each(CASES)("$what: one sentence, nothing kept, and the next song plays", async (each) => {
    failures.ask(each);
    await expectFailure(failures, each);
  });

  it("each of these: plays once the source is healthy and the pause is over", async () => {
    await expectHealed(failures);
  });
});

describe("trouble that a second try overcomes", () => {
  it.each(OVERCOME)("%s: the song plays as if nothing had been", async (what, faults) => {
    const { guild, ann } = furnish(stage, { name: what });
    const song = await stage.media.addSong({ title: what, durationMs: 2000 });
    stage.media.setFaults(song.id, faults);
    ann.says("general", `?play ${song.url}`);
    await failures.bot.event("player.finished", { matches: ({ id }) => id === song.id });
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
