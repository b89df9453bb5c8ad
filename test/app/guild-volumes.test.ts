import { beforeEach, expect, it } from "vitest";
import { createGuildVolumes } from "../../src/app/guild-volumes.ts";
import { GuildSettings } from "../../src/db/guild-settings.ts";
import { freshDatabase } from "../db/database.ts";

let settings: GuildSettings;

beforeEach(async () => {
  settings = new GuildSettings(await freshDatabase());
});

it("is what a guild chose last, for that guild and after a restart", async () => {
  const volumes = createGuildVolumes(settings);
  expect(await volumes.volumeOf("one")).toBe(100);
  await volumes.setVolume("one", 40);
  expect(await volumes.volumeOf("one")).toBe(40);
  expect(await volumes.volumeOf("two")).toBe(100);
  expect(await createGuildVolumes(settings).volumeOf("one")).toBe(40);
});

it("leaves nothing behind when it is 100 again", async () => {
  const volumes = createGuildVolumes(settings);
  await volumes.setVolume("one", 0);
  await volumes.setVolume("one", 100);
  expect(await settings.get("one", "volume")).toBeUndefined();
  expect(await volumes.volumeOf("one")).toBe(100);
});

it.each(["201", "-1", "loud", "1.5"])("takes %j in the database for no choice", async (value) => {
  await settings.set("one", "volume", value);
  expect(await createGuildVolumes(settings).volumeOf("one")).toBe(100);
});
