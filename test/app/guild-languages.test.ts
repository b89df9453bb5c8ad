import { beforeEach, expect, it } from "vitest";
import { createGuildLanguages } from "../../src/app/guild-languages.ts";
import type { LanguageCode } from "../../src/core/language-codes.ts";
import { GuildSettings } from "../../src/db/guild-settings.ts";
import type { Languages } from "../../src/texts/languages.ts";
import { freshDatabase } from "../db/database.ts";

let settings: GuildSettings;

beforeEach(async () => {
  settings = new GuildSettings(await freshDatabase());
});

const languages = (ofBot: LanguageCode, localeOfGuild?: string): Promise<Languages> =>
  createGuildLanguages({ settings, ofBot, localeOf: () => localeOfGuild });

it.each<[LanguageCode, string | undefined, string | undefined, string]>([
  ["en", undefined, undefined, "English"],
  ["de", undefined, undefined, "Deutsch"],
  ["en", "de", undefined, "Deutsch"],
  ["en", "de", "en-GB", "English"],
  ["en", "fr", undefined, "English"],
  ["de", "en-US", "fr", "English"],
])("a bot of %s in a server of %s speaks to somebody of %s in %s", async (ofBot, guild, asker, name) => {
  const spoken = await languages(ofBot, guild);
  expect(spoken.textsFor("1", asker).name).toBe(name);
});

it("what a server chose counts for everyone in it, until it takes that back", async () => {
  const spoken = await languages("en", "en-US");
  await spoken.choose("1", "de");
  expect(spoken.choiceOf("1")).toBe("de");
  expect(spoken.textsFor("1", "en-US").name).toBe("Deutsch");
  expect(spoken.textsFor("2", "en-US").name).toBe("English");
  await spoken.choose("1", undefined);
  expect(spoken.choiceOf("1")).toBeUndefined();
  expect(spoken.textsFor("1").name).toBe("English");
});

it("a choice outlives the process; one that is no language any more is none", async () => {
  await (await languages("en")).choose("1", "de");
  await settings.set("2", "language", "tlh");
  const later = await languages("en");
  expect(later.textsFor("1").name).toBe("Deutsch");
  expect(later.choiceOf("2")).toBeUndefined();
});

it("a direct message is in the bot's language", async () => {
  expect((await languages("de", "en-US")).textsFor(null).name).toBe("Deutsch");
});
