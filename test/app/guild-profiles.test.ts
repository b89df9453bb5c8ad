import { expect, it } from "vitest";
import { createGuildProfiles } from "../../src/app/guild-profiles.ts";
import { audioProfiles, type GuildProfiles } from "../../src/core/audio-profiles.ts";
import { withEffect } from "../../src/core/effects.ts";
import { GuildSettings } from "../../src/db/guild-settings.ts";
import { freshDatabase } from "../db/database.ts";

const profiles = audioProfiles({ loudnessTargetLufs: -14, truePeakCeilingDbtp: -1, bitrateKbps: 128 });

async function setUp(): Promise<{ guilds: GuildProfiles; settings: GuildSettings }> {
  const settings = new GuildSettings(await freshDatabase());
  return { settings, guilds: createGuildProfiles(settings, { profile: profiles.quiet, profiles }) };
}

it("a guild that chose nothing hears the bot's profile", async () => {
  const { guilds } = await setUp();
  expect(await guilds.profileOf("1")).toBe(profiles.quiet);
});

it("a guild hears what it chose, the others do not, until it takes that back", async () => {
  const { guilds } = await setUp();
  expect(await guilds.setProfile("1", "night")).toEqual({ plain: profiles.night, effect: undefined });
  expect(await guilds.profileOf("1")).toBe(profiles.night);
  expect(await guilds.profileOf("2")).toBe(profiles.quiet);
  expect((await guilds.setProfile("1", undefined)).plain).toBe(profiles.quiet);
  expect(await guilds.profileOf("1")).toBe(profiles.quiet);
});

it("a choice outlives the process", async () => {
  const { guilds, settings } = await setUp();
  await guilds.setProfile("1", "raw");
  const later = createGuildProfiles(settings, { profile: profiles.standard, profiles });
  expect(await later.profileOf("1")).toBe(profiles.raw);
});

it("the name of a profile that is gone counts as no choice", async () => {
  const { guilds, settings } = await setUp();
  await settings.set("1", "audio-profile", "karaoke");
  expect(await guilds.profileOf("1")).toBe(profiles.quiet);
});

it("an effect lies on top of the profile, whichever of both was chosen first", async () => {
  const { guilds } = await setUp();
  await guilds.setEffect("1", "nightcore");
  expect(await guilds.profileOf("1")).toEqual(withEffect(profiles.quiet, "nightcore"));
  const sound = { plain: profiles.night, effect: "nightcore" };
  expect(await guilds.setProfile("1", "night")).toEqual(sound);
  expect(await guilds.soundOf("1")).toEqual(sound);
  expect(await guilds.profileOf("1")).toEqual(withEffect(profiles.night, "nightcore"));
  expect(await guilds.profileOf("2")).toBe(profiles.quiet);
  expect((await guilds.setEffect("1", undefined)).effect).toBeUndefined();
  expect(await guilds.profileOf("1")).toBe(profiles.night);
});

it("an effect outlives the process, and one that is gone counts as none", async () => {
  const { guilds, settings } = await setUp();
  await guilds.setEffect("1", "8d");
  await settings.set("2", "effect", "loudest");
  const later = createGuildProfiles(settings, { profile: profiles.standard, profiles });
  expect(await later.profileOf("1")).toEqual(withEffect(profiles.standard, "8d"));
  expect(await later.profileOf("2")).toBe(profiles.standard);
});
