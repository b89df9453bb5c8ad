import { expect, it } from "vitest";
import { GuildSettings } from "../../src/db/guild-settings.ts";
import { freshDatabase } from "./database.ts";

it("each guild has its own choice, and the last one counts", async () => {
  const settings = new GuildSettings(await freshDatabase());
  await settings.set("1", "colour", "red");
  await settings.set("1", "colour", "blue");
  await settings.set("1", "size", "big");
  await settings.set("2", "colour", "green");
  expect(await settings.get("1", "colour")).toBe("blue");
  expect(await settings.get("1", "size")).toBe("big");
  expect(await settings.get("2", "colour")).toBe("green");
  expect(await settings.get("2", "size")).toBeUndefined();
});

it("a choice is taken back without touching another", async () => {
  const settings = new GuildSettings(await freshDatabase());
  await settings.set("1", "colour", "red");
  await settings.set("2", "colour", "green");
  await settings.unset("1", "colour");
  await settings.unset("1", "size");
  expect(await settings.get("1", "colour")).toBeUndefined();
  expect(await settings.get("2", "colour")).toBe("green");
});
