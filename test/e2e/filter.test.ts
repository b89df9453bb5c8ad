// Filters through the real bot: by pitch and length of what is heard.
import { describe, expect, it } from "vitest";
import type { BotProcess, LogEvent } from "../sandbox/bot-process.ts";
import type { Song } from "../sandbox/media/catalogue.ts";
import type { Stage } from "../sandbox/stage.ts";
import { answerTo, furnish, hears, measure, onStage } from "./actions.ts";

const SURFACES = ["prefix", "slash"] as const;
const TONE_HZ = 400;

let stage: Stage;
let bot: BotProcess;

onStage(async (ready) => {
  stage = ready;
  bot = await stage.startBot();
});

const about = ({ id }: Song): { matches: (event: LogEvent) => boolean } => ({
  matches: (event) => event["id"] === id || event["key"] === id,
});

const profilesOf = async ({ id }: Song): Promise<string[]> =>
  (await stage.cachedFiles())
    .filter((file) => file.endsWith(`/${id}.opus`))
    .map((file) => file.split("-")[0]!);

describe.each(SURFACES)("a filter that is chosen by %s", (surface) => {
  it("is heard in the song that plays, from where it is, and is kept beside it", async () => {
    const { guild, ann } = furnish(stage);
    const title = `Faster by ${surface}`;
    const song = await stage.media.addSong({ title, durationMs: 16_000, frequencyHz: TONE_HZ });
    ann.says("general", `?play ${song.url}`);
    await bot.event("cache.published", about(song));
    await hears(stage, guild, 25);
    const { requests } = stage.media.counters(song.id);
    const choose = { ann, surface, name: "filter" } as const;
    expect(await answerTo(stage, { ...choose, values: { name: "nightcore" } })).toContain(
      "**Nightcore** now",
    );
    await bot.event("cache.published", { ...about(song), count: 2 });
    await hears(stage, guild, 25);
    guild.heard.mark("faster");
    await bot.event("player.finished", about(song));
    const faster = await measure(stage, guild.heard.part("faster"));
    expect(Math.abs(faster.dominantFrequencyHz - 1.25 * TONE_HZ)).toBeLessThan(2);
    // Nothing of it is missing: what came after the choice took four fifths of its time.
    const heardMs = guild.heard.sounding.length * 20;
    expect(heardMs).toBeGreaterThan(16_000 / 1.25 - 100);
    expect(heardMs).toBeLessThan(16_000 - 400);
    expect(stage.media.counters(song.id).requests).toBe(requests);
    expect(await profilesOf(song)).toEqual(["nightcore", "standard"]);
    expect(await answerTo(stage, choose)).toContain("The filter is **Nightcore**.");
  });

  it("is heard in a song that still arrives, and no more when it is off", async () => {
    const { guild, ann } = furnish(stage);
    const title = `Deeper by ${surface}`;
    const song = await stage.media.addSong({ title, durationMs: 60_000, frequencyHz: TONE_HZ });
    const choose = { ann, surface, name: "filter" } as const;
    expect(await answerTo(stage, { ...choose, values: { name: "deep" } })).toContain("**Deep voice** now");
    stage.media.setFaults(song.id, { throttleBytesPerSecond: 40_000 });
    ann.says("general", `?play ${song.url}`);
    await hears(stage, guild, 100);
    expect(await profilesOf(song)).toEqual([]);
    const arriving = await measure(stage, guild.heard);
    expect(Math.abs(arriving.dominantFrequencyHz - 0.75 * TONE_HZ)).toBeLessThan(2);
    ann.says("general", "?stop");
    await bot.event("player.finished", about(song));

    const next = await stage.media.addSong({
      title: `Plain ${surface}`,
      durationMs: 3_000,
      frequencyHz: TONE_HZ,
    });
    expect(await answerTo(stage, { ...choose, values: { name: "off" } })).toContain("**Off** now");
    guild.heard.reset();
    ann.says("general", `?play ${next.url}`);
    await bot.event("player.finished", about(next));
    expect(Math.abs((await measure(stage, guild.heard)).dominantFrequencyHz - TONE_HZ)).toBeLessThan(2);
    expect(await profilesOf(next)).toEqual(["standard"]);
  });
});
