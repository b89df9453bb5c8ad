import { expect, it, vi } from "vitest";
import { createBoardMemory } from "../../src/app/board-memory.ts";
import { GuildSettings } from "../../src/db/guild-settings.ts";
import { freshDatabase } from "../db/database.ts";
import { RecordingLogger } from "../fakes/logger.ts";

const PLACE = { channelId: "7", messageId: "8" };

it("where a message is is known at once, and after a restart, until there is none", async () => {
  const settings = new GuildSettings(await freshDatabase());
  const memory = await createBoardMemory(settings, new RecordingLogger());
  memory.note("attic", PLACE);
  expect(memory.recall("attic")).toEqual(PLACE);
  expect(memory.recall("cellar")).toBeUndefined();
  await vi.waitUntil(async () => (await settings.get("attic", "song-message")) === "7/8");
  const again = await createBoardMemory(settings, new RecordingLogger());
  expect(again.recall("attic")).toEqual(PLACE);
  again.note("attic", undefined);
  expect(again.recall("attic")).toBeUndefined();
  await vi.waitUntil(async () => (await settings.get("attic", "song-message")) === undefined);
});

it("a database that takes nothing is no reason to stop", async () => {
  const log = new RecordingLogger();
  const broken = {
    beginningWith: async () => [{ guildId: "attic", name: "song-message", value: "nonsense" }],
    set: () => Promise.reject(new Error("disk full")),
  } as unknown as GuildSettings;
  const memory = await createBoardMemory(broken, log);
  expect(memory.recall("attic")).toBeUndefined();
  memory.note("attic", PLACE);
  expect(memory.recall("attic")).toEqual(PLACE);
  await vi.waitUntil(() => log.named("announce.not_noted").length === 1);
});
