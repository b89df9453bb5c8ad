import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { LANGUAGES } from "../../src/texts/texts.ts";
import type { BotProcess } from "../sandbox/bot-process.ts";
import type { Song } from "../sandbox/media/catalogue.ts";
import { Stage } from "../sandbox/stage.ts";
import { answerTo, furnish, hears, says } from "./actions.ts";

const { en, de } = LANGUAGES;

let stage: Stage;
let song: Song;
let bot: BotProcess;

beforeAll(async () => {
  stage = await Stage.set();
  bot = await stage.startBot();
  song = await stage.media.addSong({ title: "Tone", durationMs: 6000 });
});
afterEach(() => stage.expectLawful());
afterAll(() => stage[Symbol.asyncDispose]());

it("a person alone is answered in their language, everyone in the server's", async () => {
  const { guild, ann } = furnish(stage, { communityLocale: "de" });
  ann.locale = "en-GB";
  expect(await answerTo(stage, { ann, surface: "slash", name: "nowplaying" })).toContain(
    en.errors.NOTHING_PLAYING,
  );
  expect(await answerTo(stage, { ann, surface: "prefix", name: "nowplaying" })).toContain(
    de.errors.NOTHING_PLAYING,
  );
  await ann.uses("general", "play", { query: song.url });
  await hears(stage, guild);
  await says(stage, guild, de.songs.nowPlaying);
});

it("a server speaks what it chose, to everyone", async () => {
  const { guild, ann } = furnish(stage);
  const admin = guild.addPerson({ name: "Adam", permissions: "administrator" });
  const choose = { surface: "slash", name: "language", values: { name: "de" } } as const;
  expect(await answerTo(stage, { ann, ...choose })).toBe("Only people with Manage Server may do that.");
  expect(await answerTo(stage, { ann: admin, ...choose })).toBe("Ab jetzt spreche ich hier **Deutsch**.");
  expect(await answerTo(stage, { ann, surface: "slash", name: "queue" })).toContain(de.queue.empty);
  ann.says("general", `?play ${song.url}`);
  await hears(stage, guild);
  await says(stage, guild, de.songs.nowPlaying);
});

it("commands are described in every language, English for all others", () => {
  const play = stage.discord.registeredCommands().find(({ name }) => name === "play");
  expect(play?.body).toMatchObject({
    description: en.commands.play.about,
    description_localizations: { de: de.commands.play.about },
  });
});

it("help offers its subjects in the reader's language, and goes on offering them after a restart", async () => {
  const { ann } = furnish(stage);
  ann.locale = "de";
  const shown = await ann.uses("general", "help");
  expect(shown.text).toContain(`**${de.help.groups.sound}**`);
  await ann.selects(shown, [de.help.groups.sound]);
  expect(shown.text).toContain(`\`?volume [percent ZAHL]\` — ${de.commands.volume.about}`);
  await bot.stop();
  bot = await stage.startBot();
  await ann.selects(shown, [de.help.groups.queue]);
  expect(shown.text).toContain(de.commands.skip.about);
});
