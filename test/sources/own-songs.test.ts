import { beforeEach, describe, expect, it } from "vitest";
import { AppError, type ErrorCode } from "../../src/core/errors.ts";
import { CacheIndex } from "../../src/db/cache-index.ts";
import { SqliteCatalogue } from "../../src/db/catalogue.ts";
import { Resolutions } from "../../src/db/resolutions.ts";
import { findOwn, resolveOrOwn } from "../../src/sources/own-songs.ts";
import type { Resolution } from "../../src/sources/resolver.ts";
import { freshDatabase, newEntry, PROFILE } from "../db/database.ts";
import { youtubeId, youtubeTrack } from "../fakes/tracks.ts";

const cached = { ...youtubeTrack(youtubeId(1)), title: "Africa", artist: "Toto" };
const known = { ...youtubeTrack(youtubeId(2)), title: "Africa, live", artist: "Toto" };
const never = new AbortController().signal;

let catalogue: SqliteCatalogue;
let fails: ErrorCode | undefined;

/** Every extractor says the same. */
const resolver = {
  resolve: async (): Promise<Resolution> => {
    if (fails) throw new AppError(fails);
    return { kind: "tracks", tracks: [known], startMs: 0 };
  },
};
const resolve = (text: string): Promise<Resolution> =>
  resolveOrOwn({ resolver, catalogue }, { text }, PROFILE.id, never);

beforeEach(async () => {
  const db = await freshDatabase();
  catalogue = new SqliteCatalogue(db);
  await new CacheIndex(db).save(newEntry(cached.id), cached);
  await new CacheIndex(db).save(newEntry(youtubeId(3)), undefined);
  await new Resolutions(db).rememberTrack(known, 1);
  fails = undefined;
});

describe("what a text means", () => {
  it("is for the source to say while it answers", async () => {
    expect(await resolve("africa")).toEqual({ kind: "tracks", tracks: [known], startMs: 0 });
  });

  it.each([
    "RATE_LIMITED",
    "BOT_CHECK",
    "MEDIA_FORBIDDEN",
    "SOURCE_UNREACHABLE",
    "EXTRACTOR_BROKEN",
    "EXTRACTOR_TOO_OLD",
    "EXTRACTOR_MISSING",
    "CHILD_FAILED",
  ] as const)("is for the cached songs to say after %s", async (code) => {
    fails = code;
    expect(await resolve("afrika toto")).toEqual({
      kind: "tracks",
      tracks: [cached],
      startMs: 0,
      fromCatalogue: true,
    });
  });

  it.each(["NOTHING_FOUND", "PRIVATE_VIDEO", "ABORTED", "INTERNAL"] as const)(
    "is not guessed after %s",
    async (code) => {
      fails = code;
      await expect(resolve("africa")).rejects.toMatchObject({ code });
    },
  );

  it("stays unknown when nothing cached is like it", async () => {
    fails = "SOURCE_UNREACHABLE";
    await expect(resolve("hello world")).rejects.toMatchObject({ code: fails });
    await expect(resolve("https://www.youtube.com/playlist?list=PLabc")).rejects.toMatchObject({
      code: fails,
    });
  });

  it("is, for a link, its own file or nothing", async () => {
    fails = "BOT_CHECK";
    expect(await resolve(`https://youtu.be/${youtubeId(3)}?t=9`)).toMatchObject({
      tracks: [{ id: youtubeId(3), url: `https://www.youtube.com/watch?v=${youtubeId(3)}` }],
      startMs: 9_000,
      fromCatalogue: true,
    });
    await expect(resolve(`https://youtu.be/${known.id}`)).rejects.toMatchObject({ code: fails });
    await expect(resolve("https://youtu.be/aaaaaaaaa99")).rejects.toMatchObject({ code: fails });
  });
});

const ids = async (text: string, cachedOnly = false): Promise<string[]> => {
  const songs = await findOwn(catalogue, text, { profileId: PROFILE.id, limit: 9, cachedOnly });
  return songs.map(({ track }) => track.id);
};

describe("a song of one's own", () => {
  it.each([cached.id, cached.url, `<https://youtu.be/${cached.id}>`])("is named by %s", async (text) => {
    expect(await ids(text)).toEqual([cached.id]);
  });

  it("is found by words, eleven letters of them too", async () => {
    expect(await ids("toto")).toEqual([cached.id, known.id]);
    expect(await ids("africa_toto")).toEqual([cached.id, known.id]);
    expect(await ids("africa", true)).toEqual([cached.id]);
  });

  it("is not another one when the link is of one that is not there", async () => {
    expect(await ids("https://youtu.be/africa_toto")).toEqual([]);
    expect(await ids(known.id, true)).toEqual([]);
  });
});
