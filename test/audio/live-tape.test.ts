import * as path from "node:path";
import { Readable } from "node:stream";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { pagesOf } from "../../src/audio/ogg-page.ts";
import { Tape } from "../../src/audio/live-tape.ts";
import { openOpusFile } from "../../src/audio/opus-file.ts";
import { NEVER, removeFolder, temporaryFolder } from "./media.ts";
import { numberedPackets, oggSong } from "./ogg-pages.ts";

let folder: string;
let tape: Tape;

beforeEach(async () => {
  folder = await temporaryFolder();
  tape = await Tape.create(path.join(folder, "tape"));
});
afterEach(async () => {
  await tape.release();
  await removeFolder(folder);
});

async function write(): Promise<void> {
  const song = oggSong(
    numberedPackets(100, () => 50),
    () => 5,
  );
  for await (const page of pagesOf(Readable.from([song]))) await tape.append(page);
}

describe("how far the foremost listener has come", () => {
  it("is where one of those who listen is, and no more than that when they have gone", async () => {
    await write();
    const [first, second] = await Promise.all(
      [0, 1_000].map((startMs) => tape.listen(openOpusFile, { startMs }, NEVER)),
    );
    await first?.ready(NEVER);
    first?.next();
    expect(tape.furthestMs).toBe(1_000);
    await second?.close();
    expect(tape.furthestMs).toBe(20);
    await first?.close();
    expect(tape.furthestMs).toBe(0);
  });

  it("is not where one wanted to go and did not get", async () => {
    await write();
    const failing = tape.listen(() => Promise.reject(new Error("no")), { startMs: 3_000_000 }, NEVER);
    expect(tape.furthestMs).toBe(3_000_000);
    await expect(failing).rejects.toThrow("no");
    expect(tape.furthestMs).toBe(0);
  });
});

describe("a page that the disk takes only in part", () => {
  it("is a full disk", async () => {
    vi.spyOn(tape.file, "write").mockResolvedValueOnce({ bytesWritten: 10, buffer: "" });
    await expect(write()).rejects.toMatchObject({ code: "DISK_FULL" });
  });
});
