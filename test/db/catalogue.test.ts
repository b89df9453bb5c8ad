import { beforeEach, describe, expect, it } from "vitest";
import { cacheKey, type Track } from "../../src/core/track.ts";
import { CacheIndex } from "../../src/db/cache-index.ts";
import { SqliteCatalogue } from "../../src/db/catalogue.ts";
import { Resolutions } from "../../src/db/resolutions.ts";
import type { Database } from "../../src/db/schema.ts";
import { youtubeId, youtubeTrack } from "../fakes/tracks.ts";
import { freshDatabase, newEntry, PROFILE } from "./database.ts";

const OTHER_PROFILE = { ...PROFILE, id: "quiet-00000000" as typeof PROFILE.id };

let db: Database;
let index: CacheIndex;
let catalogue: SqliteCatalogue;
let count: number;

beforeEach(async () => {
  db = await freshDatabase();
  index = new CacheIndex(db);
  catalogue = new SqliteCatalogue(db);
  count = 0;
});

/** Something the bot has heard of. */
async function knows(title: string, artist = "Somebody", more: Partial<Track> = {}): Promise<Track> {
  const track = { ...youtubeTrack(youtubeId((count += 1))), title, artist, ...more };
  await new Resolutions(db).rememberTrack(track, 1);
  return track;
}

/** Something whose file is there. */
async function has(title: string, artist = "Somebody"): Promise<Track> {
  const track = await knows(title, artist);
  await index.save(newEntry(track.id), track);
  return track;
}

async function titles(words: string, more: { limit?: number; cachedOnly?: boolean } = {}): Promise<string[]> {
  const found = await catalogue.find(words, { profileId: PROFILE.id, limit: 10, ...more });
  return found.map(({ track }) => track.title);
}

describe("a search in the own catalogue", () => {
  it("finds by title, by artist, by both and by ID", async () => {
    const track = await has("Africa", "Toto");
    await has("Rosanna", "Toto");
    expect(await titles("africa")).toEqual(["Africa"]);
    expect(await titles("toto")).toHaveLength(2);
    expect(await titles("toto africa")).toEqual(["Africa"]);
    expect(await titles(track.id)).toEqual(["Africa"]);
  });

  it.each([
    ["without accents", "beyonce deja"],
    ["with other accents", "Béyoncè dëjà"],
    ["in capitals", "BEYONCÉ DÉJÀ"],
    ["with the accents apart", "Beyonce\u0301 De\u0301ja\u0300"],
    ["with the last word unfinished", "beyoncé v"],
    ["in another order", "vu, beyoncé!"],
  ])("forgives words %s", async (_how, words) => {
    await has("Déjà Vu", "Beyoncé");
    await has("Vulcan", "Somebody");
    expect(await titles(words)).toEqual(["Déjà Vu"]);
  });

  it.each(["bohemain rapsody", "bohemina rhaspody", "bohemianrhapsody", "qeen bohemien", "hemian"])(
    "forgives the typing in %j",
    async (words) => {
      await has("Bohemian Rhapsody", "Queen");
      await has("Another One", "Somebody");
      expect(await titles(words)).toEqual(["Bohemian Rhapsody"]);
    },
  );

  it("takes the last word for the beginning of one, and that before a look-alike", async () => {
    await has("Monarch of Nothing");
    await has("Blue Monday");
    expect(await titles("mo")).toHaveLength(2);
    expect(await titles("blue m")).toEqual(["Blue Monday"]);
  });

  it("does not take something else for it", async () => {
    await has("Yellow Submarine", "The Beatles");
    expect(await titles("hello world")).toEqual([]);
    expect(await titles("zz")).toEqual([]);
  });

  it.each(["アイドル", "Группа", "группа кро", "Mötley"])("reads %j", async (words) => {
    await has("アイドル", "YOASOBI");
    await has("Группа крови", "Кино");
    await has("Mötley Crüe", "Somebody");
    expect(await titles(words)).toHaveLength(1);
  });

  it.each([
    '"',
    '" OR title:africa',
    "NOT africa*",
    "title : africa",
    "^af NEAR(",
    "'; drop table tracks",
    "{b} (",
  ])("takes %j for words, never for a query", async (words) => {
    await has("Something Else", "Nobody");
    expect(await titles(words, { limit: 1 })).toEqual(words === '"' ? ["Something Else"] : []);
  });

  it("puts cached songs first, and leaves the others out on demand", async () => {
    await knows("Blue Monday");
    await has("Blue Monday, live in a very long and unlikely place");
    expect(await titles("blue monday")).toEqual([
      "Blue Monday, live in a very long and unlikely place",
      "Blue Monday",
    ]);
    expect(await titles("blue monday", { cachedOnly: true })).toHaveLength(1);
    expect(await titles("blu mondya", { cachedOnly: true })).toHaveLength(1);
    expect(await titles("blue", { limit: 1 })).toHaveLength(1);
  });

  it("counts as cached what is there in the profile that was asked for", async () => {
    const track = await has("Africa");
    const [here] = await catalogue.find("africa", { profileId: PROFILE.id, limit: 1 });
    expect(here).toMatchObject({ isCached: true, isPinned: false, playCount: 0, key: track.id });
    const [there] = await catalogue.find("africa", { profileId: OTHER_PROFILE.id, limit: 1 });
    expect(there).toMatchObject({ isCached: false });
    await index.markEvicted(cacheKey(track), PROFILE.id);
    expect(await titles("africa", { cachedOnly: true })).toEqual([]);
    expect(await titles("africa")).toEqual(["Africa"]);
  });

  it("without words tells the most played cached songs", async () => {
    const [, often] = [await has("Once"), await has("Often")];
    await knows("Never");
    const entry = await index.find(cacheKey(often), PROFILE.id);
    await index.recordPlay(entry!, 5, 1);
    expect(await titles("  ")).toEqual(["Often", "Once"]);
  });

  it("follows what is written about a track, wherever that is", async () => {
    const track = await knows("Old Name");
    await knows("New Name", "Somebody", { id: track.id });
    expect(await titles("old")).toEqual([]);
    expect(await titles("new name")).toEqual(["New Name"]);
    expect(await titles("neww name")).toEqual(["New Name"]);
    await db.deleteFrom("tracks").execute();
    expect(await titles("new name")).toEqual([]);
    await knows("Third Name");
    expect(await titles("third")).toEqual(["Third Name"]);
  });
});

describe("one recording of the catalogue", () => {
  it("is known with its facts", async () => {
    const track = await has("Africa", "Toto");
    expect(await catalogue.get(cacheKey(track), PROFILE.id)).toMatchObject({ track, isCached: true });
    expect(await catalogue.get(cacheKey(track), OTHER_PROFILE.id)).toMatchObject({ track, isCached: false });
  });

  it("is known by its file alone", async () => {
    const id = youtubeId(7);
    await index.save(newEntry(id), undefined);
    expect(await catalogue.get(cacheKey({ source: "youtube", id }), PROFILE.id)).toMatchObject({
      isCached: true,
      track: { id, title: id, url: `https://www.youtube.com/watch?v=${id}`, durationMs: 240_000 },
    });
    expect(await catalogue.get(cacheKey({ source: "youtube", id }), OTHER_PROFILE.id)).toBeUndefined();
  });
});
