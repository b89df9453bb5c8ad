import { expect, it, onTestFinished, vi } from "vitest";
import { openKeptDatabase } from "../../src/app/database.ts";
import { cacheFolders, prepareFolders } from "../../src/app/folders.ts";
import { createLibrary } from "../../src/app/library.ts";
import { withEffect } from "../../src/core/effects.ts";
import { RecordingLogger } from "../fakes/logger.ts";
import { createMachine } from "./machine.ts";

const keysByGuild = (): ReadonlyMap<string, ReadonlySet<string>> =>
  new Map([
    ["1", new Set(["song", "other"])],
    ["2", new Set(["song"])],
    ["3", new Set(["song"])],
  ]);

it("tells the other processes what waits in queues, in the profile and with the effect that each guild hears", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  onTestFinished(() => void vi.useRealTimers());
  const config = (await createMachine()).config();
  await prepareFolders(config);
  const [log, folders, ending] = [new RecordingLogger(), cacheFolders(config), new AbortController()];
  const database = await openKeptDatabase(config, log, ending.signal);
  const { db } = database;
  const library = await createLibrary({ config, log, folders, db, keysByGuild }, ending.signal);
  onTestFinished(async () => {
    ending.abort();
    await library.cache.close();
    await database.close();
  });
  const { profiles } = config.audio;
  await library.profiles.setEffect("2", "nightcore");
  const nightcore = withEffect(profiles.standard, "nightcore");
  vi.advanceTimersByTime(5_000);
  const rows = async () => await db.selectFrom("files_in_use").select("blob_ref").execute();
  await vi.waitFor(async () => expect(await rows()).not.toEqual([]));
  const refs = [
    `${profiles.standard.id}/song.opus`,
    `${profiles.standard.id}/other.opus`,
    `${nightcore.id}/song.opus`,
  ];
  expect((await rows()).map((row) => row.blob_ref).toSorted()).toEqual(refs.toSorted());
});
