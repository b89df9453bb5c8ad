import { describe, expect, it } from "vitest";
import type { BotProcess } from "../sandbox/bot-process.ts";
import { ERRORS } from "../../src/core/errors.ts";
import type { Song } from "../sandbox/media/catalogue.ts";
import type { Stage } from "../sandbox/stage.ts";
import { answerTo, furnish, hears, measure, onStage } from "./actions.ts";

const SURFACES = ["prefix", "slash"] as const;

let stage: Stage;
let bot: BotProcess;
let songs: Song[];

/** Two cached songs; then a new process, and a source that is gone. */
onStage(async (ready) => {
  stage = ready;
  bot = await stage.startBot();
  songs = [
    await stage.media.addSong({ title: "Déjà Vu", artist: "The Tones", frequencyHz: 880, durationMs: 5000 }),
    await stage.media.addSong({ title: "Blue Monday", artist: "The Tones", durationMs: 5000 }),
  ];
  for (const song of songs) {
    const { ann } = furnish(stage, { name: song.title });
    ann.says("general", `?play ${song.url}`);
  }
  await bot.event("player.finished", { count: songs.length });
  const { ann, guild } = furnish(stage, { name: "Searching" });
  ann.says("general", "?play Blue Monday");
  await hears(stage, guild);
  await bot.stop();
  bot = await stage.startBot();
  await stage.media.setExtractor({
    exit: { code: 1, stderr: "ERROR: [youtube] X: Unable to download webpage: HTTP Error 503: Unavailable" },
  });
});

describe("while somebody types", () => {
  it("cached songs are offered first, then earlier searches, then those of others, and no extractor runs", async () => {
    const { guild, ann } = furnish(stage);
    const calls = (await stage.media.extractorCalls()).length;
    const offered = await ann.types("general", "play", { query: "blue" });
    expect(offered).toEqual([
      { name: "⚡ The Tones – Blue Monday · 0:05", value: songs[1]!.url },
      { name: "blue monday", value: "blue monday" },
      { name: "blue monday lyrics", value: "blue monday lyrics" },
    ]);
    expect(await ann.types("general", "play", { query: "dèja v" })).toHaveLength(1);
    const anything = await ann.types("general", "play", { query: "" });
    expect(anything.map(({ name }) => name)).toEqual([
      expect.stringMatching(/^⚡ /u),
      expect.stringMatching(/^⚡ /u),
      "blue monday",
    ]);
    expect(await ann.types("general", "play", { query: "https://" })).toEqual([]);
    await answerTo(stage, { ann, surface: "slash", name: "play", values: { query: offered[0]!.value } });
    await hears(stage, guild);
    expect(await stage.media.extractorCalls()).toHaveLength(calls);
  });
});

describe.each(SURFACES)("while no extractor works, as %s commands", (surface) => {
  it("a cached ID plays, in a process that knows nothing yet", async () => {
    const { guild, ann } = furnish(stage);
    const answer = await answerTo(stage, { ann, surface, name: "play", values: { query: songs[1]!.id } });
    expect(answer).toContain("Blue Monday");
    await hears(stage, guild);
  });

  it("words find the cached song they are like, and the answer says so", async () => {
    const { guild, ann } = furnish(stage);
    const answer = await answerTo(stage, { ann, surface, name: "play", values: { query: "deja vuu" } });
    expect(answer).toContain("The source does not answer right now, so this is from the cached songs.");
    expect(answer).toContain("Déjà Vu");
    await hears(stage, guild, 60);
    expect((await measure(stage, guild.heard)).dominantFrequencyHz).toBeCloseTo(880, -1);
  });

  it("words and links that nothing cached is like tell why they do not play", async () => {
    const { ann } = furnish(stage);
    for (const query of ["something else entirely", "https://youtu.be/aaaaaaaaaaa"]) {
      const answer = await answerTo(stage, { ann, surface, name: "play", values: { query } });
      expect(answer).toContain(ERRORS.SOURCE_UNREACHABLE.message);
    }
  });
});
