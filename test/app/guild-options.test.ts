import { expect, it } from "vitest";
import { createGuildOptions } from "../../src/app/guild-options.ts";
import { DEFAULT_GUILD_OPTIONS } from "../../src/core/guild-options.ts";
import { GuildSettings } from "../../src/db/guild-settings.ts";
import { freshDatabase } from "../db/database.ts";

it("what a guild chose counts at once, for that guild alone, and is still there after a restart", async () => {
  const settings = new GuildSettings(await freshDatabase());
  const book = await createGuildOptions(settings);
  expect(book.of("attic")).toEqual(DEFAULT_GUILD_OPTIONS);
  const changed = await book.set("attic", "voteSkip", "on");
  await book.set("attic", "djRole", "12345678901234567");
  expect(changed.voteSkip).toBe(true);
  const expected = { ...DEFAULT_GUILD_OPTIONS, voteSkip: true, djRole: "12345678901234567" };
  expect(book.of("attic")).toEqual(expected);
  expect(book.of("cellar")).toEqual(DEFAULT_GUILD_OPTIONS);
  expect((await createGuildOptions(settings)).of("attic")).toEqual(expected);
});

it("goes back to the default, and keeps the other choices", async () => {
  const settings = new GuildSettings(await freshDatabase());
  const book = await createGuildOptions(settings);
  await book.set("attic", "stay", "on");
  await book.set("attic", "prefix", "!");
  expect(await book.set("attic", "stay", undefined)).toEqual({ ...DEFAULT_GUILD_OPTIONS, prefix: "!" });
  expect((await createGuildOptions(settings)).of("attic").stay).toBe(false);
});

it("takes no text that is no value, and leaves alone what it does not know", async () => {
  const settings = new GuildSettings(await freshDatabase());
  await settings.set("attic", "option.gone", "on");
  await settings.set("attic", "option.queueCap", "none");
  await settings.set("attic", "volume", "30");
  const book = await createGuildOptions(settings);
  await expect(book.set("attic", "queueCap", "0")).rejects.toThrow(RangeError);
  expect(book.of("attic")).toEqual(DEFAULT_GUILD_OPTIONS);
  expect(await settings.get("attic", "option.gone")).toBe("on");
});

it("tells that a guild has chosen anew, once it counts", async () => {
  const told: unknown[] = [];
  const settings = new GuildSettings(await freshDatabase());
  const book = await createGuildOptions(settings, (guildId) => told.push([guildId, book.of(guildId).stay]));
  await book.set("attic", "stay", "on");
  await book.set("attic", "stay", undefined);
  expect(told).toEqual([
    ["attic", true],
    ["attic", false],
  ]);
});
