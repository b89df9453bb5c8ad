import { expect, it, onTestFinished, vi } from "vitest";
import { openKeptDatabase } from "../../src/app/database.ts";
import { cacheFolders, prepareFolders } from "../../src/app/folders.ts";
import { createLibrary } from "../../src/app/library.ts";
import { RecordingLogger } from "../fakes/logger.ts";
import { createMachine } from "./machine.ts";

const keysInQueues = (): ReadonlySet<string> => new Set(["song"]);

it("tells the other processes what waits in queues, whatever profile a guild hears", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  onTestFinished(() => void vi.useRealTimers());
  const config = (await createMachine()).config();
  await prepareFolders(config);
  const [log, folders, ending] = [new RecordingLogger(), cacheFolders(config), new AbortController()];
  const database = await openKeptDatabase(config, log, ending.signal);
  const { db } = database;
  const library = await createLibrary({ config, log, folders, db, keysInQueues }, ending.signal);
  onTestFinished(async () => {
    ending.abort();
    await library.cache.close();
    await database.close();
  });
  vi.advanceTimersByTime(5_000);
  const rows = async () => await db.selectFrom("files_in_use").select("blob_ref").execute();
  await vi.waitFor(async () => expect(await rows()).not.toEqual([]));
  const refs = Object.values(config.audio.profiles).map(({ id }) => `${id}/song.opus`);
  expect((await rows()).map((row) => row.blob_ref).toSorted()).toEqual(refs.toSorted());
});
