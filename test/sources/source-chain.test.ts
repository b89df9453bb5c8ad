/** Several extractors as one. */
import { describe, expect, it } from "vitest";
import { AppError } from "../../src/core/errors.ts";
import type { ErrorCode } from "../../src/core/errors.ts";
import type { LogFields } from "../../src/core/logger.ts";
import { silentLogger } from "../../src/core/logger.ts";
import type { Track } from "../../src/core/track.ts";
import { chainSources } from "../../src/sources/source-chain.ts";
import type { Source } from "../../src/sources/source.ts";
import { youtubeTrack } from "../../src/sources/youtube-track.ts";

const never = new AbortController().signal;
const target = { source: "youtube", id: "AAAAAAAAAAA", url: "" };
const request = { target, toPath: "/nowhere", limits: { maxBytes: 1, maxDurationMs: 1 } };
const list = { source: "youtube", id: "PLabc" };
const range = { from: 1, limit: 10 };

/** A source that answers with its name, or fails; for lists after so many entries. */
function source(name: string, failure?: ErrorCode, entriesBefore = 0): Source & { asked: number } {
  const track: Track = youtubeTrack({ id: target.id, title: name });
  const answer = async <T>(value: T): Promise<T> => {
    self.asked += 1;
    if (failure) throw new AppError(failure, { detail: `${name} failed` });
    return value;
  };
  const self = {
    name,
    asked: 0,
    serves: (family: string) => family === "youtube",
    health: async () => ({ name, usable: !failure, version: "1", ageDays: 1, problems: [`${name}!`] }),
    resolve: () => answer(track),
    search: () => answer([track]),
    playlist: async function* () {
      for (let entry = 0; entry < entriesBefore; entry++) yield track;
      await answer(track);
      if (!failure) yield track;
    },
    download: () => answer({ bytes: 1, track }),
  };
  return self;
}

async function titles(chain: Source): Promise<string[]> {
  const found: string[] = [];
  for await (const { title } of chain.playlist(list, range, never)) found.push(title);
  return found;
}

describe("a chain of sources", () => {
  it("asks the first, and no other when that one can answer", async () => {
    const [first, second] = [source("first"), source("second")];
    const chain = chainSources([first, second], silentLogger);
    expect((await chain.resolve(target, never)).title).toBe("first");
    expect((await chain.download(request, never)).track.title).toBe("first");
    expect((await chain.search("x", 1, never))[0]?.title).toBe("first");
    expect(await titles(chain)).toEqual(["first"]);
    expect(second.asked).toBe(0);
  });

  it("asks the next where it could do better, and tells the log", async () => {
    const told: LogFields[] = [];
    const logger = { ...silentLogger, warn: (_event: string, fields: LogFields = {}) => told.push(fields) };
    const chain = chainSources([source("first", "EXTRACTOR_BROKEN"), source("second")], logger);
    expect((await chain.resolve(target, never)).title).toBe("second");
    expect((await chain.download(request, never)).track.title).toBe("second");
    expect((await chain.search("x", 1, never))[0]?.title).toBe("second");
    expect(await titles(chain)).toEqual(["second"]);
    expect(told).toHaveLength(4);
    expect(told[0]).toEqual({ source: "first", code: "EXTRACTOR_BROKEN", detail: "first failed" });
  });

  it.each(["PRIVATE_VIDEO", "VIDEO_REMOVED", "RATE_LIMITED", "ABORTED", "DISK_FULL"] as const)(
    "does not ask the next after %s: it would hear the same",
    async (code) => {
      const second = source("second");
      const chain = chainSources([source("first", code), second], silentLogger);
      await expect(chain.resolve(target, never)).rejects.toMatchObject({ code });
      await expect(chain.download(request, never)).rejects.toMatchObject({ code });
      await expect(titles(chain)).rejects.toMatchObject({ code });
      expect(second.asked).toBe(0);
    },
  );

  it("fails with the first error that says more than that a program is missing", async () => {
    const chain = chainSources(
      [source("a", "EXTRACTOR_MISSING"), source("b", "MEDIA_FORBIDDEN"), source("c", "EXTRACTOR_BROKEN")],
      silentLogger,
    );
    await expect(chain.download(request, never)).rejects.toMatchObject({ code: "MEDIA_FORBIDDEN" });
    const missing = chainSources([source("a", "EXTRACTOR_MISSING")], silentLogger);
    await expect(titles(missing)).rejects.toMatchObject({ code: "EXTRACTOR_MISSING" });
    await expect(chainSources([], silentLogger).resolve(target, never)).rejects.toMatchObject({
      code: "EXTRACTOR_MISSING",
    });
  });

  it("does not start a list anew that has begun", async () => {
    const second = source("second");
    const chain = chainSources([source("first", "EXTRACTOR_BROKEN", 2), second], silentLogger);
    await expect(titles(chain)).rejects.toMatchObject({ code: "EXTRACTOR_BROKEN" });
    expect(second.asked).toBe(0);
  });

  it("is as healthy as its best part, and names every problem", async () => {
    const chain = chainSources([source("first", "EXTRACTOR_MISSING"), source("second")], silentLogger);
    expect(await chain.health(never)).toMatchObject({ usable: true, problems: ["first!", "second!"] });
    expect(chain.serves("youtube")).toBe(true);
    expect(chain.serves("direct")).toBe(false);
  });
});
