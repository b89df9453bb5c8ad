// A hundred songs with everything people do meanwhile, replayed by a seed.
import { describe, expect, it, onTestFinished } from "vitest";
import { type ErrorCode, ERRORS } from "../../src/core/errors.ts";
import { seededRandom } from "../fakes/random.ts";
import type { LogEvent } from "../sandbox/bot-process.ts";
import { Permission } from "../sandbox/discord/permissions.ts";
import type { Person } from "../sandbox/discord/person.ts";
import { startSideServices } from "../sandbox/media/side-services.ts";
import { Stage } from "../sandbox/stage.ts";
import { Evening } from "./evening.ts";

const SEED = 20_261_120;
const SONGS = 100;
/** What a press may lead to: the song, or the person, may be elsewhere by then. */
const RIGHT: ReadonlySet<string> = new Set([
  "ok",
  "NOTHING_PLAYING",
  "NOTHING_PAUSED",
  "NOTHING_BEFORE",
  "QUEUE_EMPTY",
  "NOT_IN_QUEUE",
  "NOT_IN_VOICE",
  "OTHER_VOICE_CHANNEL",
  "VOTED_HERE",
  "TOO_FAST",
]);
/** What is logged when a message fails, or something nobody waits for. */
const UNWANTED = /^(?:not-json|command\.(?:unanswered|not_deferred)|announce\.failed|discord\..*)$/u;

async function prepare(stage: Stage, log: readonly LogEvent[]): Promise<Evening> {
  const titles = Array.from({ length: 12 }, (_, number) => `Jingle ${number + 1}`);
  const songs = await Promise.all(
    titles.map((title, number) =>
      stage.media.addSong({ title, durationMs: 1_200 + 60 * number, frequencyHz: 300 + 40 * number }),
    ),
  );
  const { id } = stage.media.addPlaylist({ title: "Jingles", songIds: songs.map((song) => song.id) });
  const guild = stage.discord.addGuild({
    name: "Attic",
    text: ["general", "songs"],
    voice: ["Lounge", "Loft"],
  });
  const people: readonly [Person, ...Person[]] = [
    guild.addPerson({ name: "Max", permissions: Permission.ManageGuild }),
    ...["Ann", "Bob", "Cleo", "Dan"].map((name) => guild.addPerson({ name })),
  ];
  for (const person of people) person.joinVoice("Lounge");
  const list = `https://www.youtube.com/playlist?list=${id}`;
  return new Evening({ stage, guild, log, people, songs, list, random: seededRandom(SEED) });
}

const tally = (names: readonly string[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
};

const per = (whole: number, count: number): number => Math.round((count / whole) * 100) / 100;

/** How many messages and changes of messages there were, by what caused them. */
function clutter(evening: Evening) {
  const { written, songs, runs } = evening;
  const open = written.filter(({ ephemeral }) => !ephemeral);
  const unasked = open.filter(({ facts }) => !facts.interaction && !facts.replyTo);
  const changes = written.reduce((sum, { history }) => sum + history.length - 1, 0);
  return {
    perSong: {
      unasked: per(songs, unasked.length),
      forAll: per(songs, open.length),
      forOne: per(songs, written.length - open.length),
      stillThere: per(songs, open.filter(({ deleted }) => !deleted).length),
      changes: per(songs, changes),
    },
    perRequest: {
      answers: per(runs.length, written.length - unasked.length),
      changes: per(runs.length, changes),
    },
  };
}

describe("an evening of a hundred songs", () => {
  it("goes by without an error, a message that fails, or clutter", { timeout: 400_000 }, async () => {
    const log: LogEvent[] = [];
    const services = await startSideServices();
    onTestFinished(() => services.close());
    await using stage = await Stage.set({
      env: { SERVICE_URLS: services.serviceUrls },
      onEvent: (event) => log.push(event),
    });
    let bot = await stage.startBot();
    const evening = await prepare(stage, log);
    let deeds = 0;
    const until = async (songs: number): Promise<void> => {
      for (; evening.songs < songs && deeds < 20 * SONGS; deeds += 1) await evening.goesOn();
    };
    await until(SONGS / 2);
    await bot.stop();
    const { stderr } = bot;
    bot = await stage.startBot();
    await evening.opensRequestChannel();
    await until(SONGS);
    const kinds = await evening.pressesEachKind();
    await bot.stop();

    const outcomes = tally(evening.runs.map(({ outcome }) => String(outcome)));
    const { perSong, perRequest } = clutter(evening);
    const { songs } = evening;
    process.stdout.write(
      `${JSON.stringify({ songs, deeds, perSong, perRequest, outcomes, kinds: Object.fromEntries(kinds) })}\n`,
    );
    expect(evening.songs).toBeGreaterThanOrEqual(SONGS);
    expect(log.filter(({ level }) => level === "error" || level === "fatal")).toEqual([]);
    expect(log.filter(({ event }) => UNWANTED.test(event))).toEqual([]);
    expect(bot.stderr + stderr).toBe("");
    expect(stage.discord.refusals).toEqual([]);
    expect(Object.keys(outcomes).filter((outcome) => !isInOrder(outcome))).toEqual([]);
    const presses = evening.runs.filter(({ surface }) => surface === "button" || surface === "form");
    expect(presses.filter(({ outcome }) => !RIGHT.has(String(outcome)))).toEqual([]);
    expect(kinds.size).toBeGreaterThanOrEqual(8);
    expect(perSong.unasked).toBeLessThanOrEqual(1);
    expect(perRequest.answers).toBeLessThanOrEqual(1);
    expect(perRequest.changes).toBeLessThanOrEqual(1);
  });
});

/** It worked, or somebody was told what to do instead. */
function isInOrder(outcome: string): boolean {
  return outcome === "ok" || (outcome in ERRORS && ERRORS[outcome as ErrorCode].severity === "user");
}
