import { expect, it, vi } from "vitest";
import { createAnnouncer } from "../../src/app/announcing.ts";
import { createGuildLanguages } from "../../src/app/guild-languages.ts";
import { createGuildOptions } from "../../src/app/guild-options.ts";
import { GuildSettings } from "../../src/db/guild-settings.ts";
import { freshDatabase } from "../db/database.ts";
import { FakeChannels } from "../fakes/boards.ts";
import { RecordingLogger } from "../fakes/logger.ts";
import { setUp, song } from "../player/set-up.ts";

it("songs are shown where and how a guild wants it, and the message of before a restart goes", async () => {
  const settings = new GuildSettings(await freshDatabase());
  const log = new RecordingLogger();
  const channels = new FakeChannels();
  const removed: string[] = [];
  const discord = {
    post: channels.post,
    remove: async ({ messageId }: { readonly messageId: string }) => void removed.push(messageId),
  };
  const options = await createGuildOptions(settings);
  const languages = await createGuildLanguages({ settings, ofBot: "de", localeOf: () => undefined });
  await options.set("guild", "announceChannel", "777");
  const { session, ...bench } = setUp();
  const deps = { discord, languages, options, settings, log };
  (await createAnnouncer(deps)).onLoading(session, song(1), null);
  await vi.waitUntil(async () => (await settings.get("guild", "song-message")) === "777/1");
  expect(channels.messages[0]?.panels[0]?.lines[1]).toBe("Wird gesucht…");
  (await createAnnouncer(deps)).onLoading(session, song(2), null);
  await vi.waitUntil(async () => (await settings.get("guild", "song-message")) === "777/2");
  expect(removed).toEqual(["1"]);
  expect(bench.told).toEqual([]);
});
