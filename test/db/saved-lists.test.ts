import { beforeEach, describe, expect, it } from "vitest";
import { FAVOURITES, type ListOwner, MOST_LISTS, MOST_SONGS_IN_LIST } from "../../src/core/saved-list.ts";
import type { Track, TrackRef } from "../../src/core/track.ts";
import { Resolutions } from "../../src/db/resolutions.ts";
import { SavedLists } from "../../src/db/saved-lists.ts";
import type { Database } from "../../src/db/schema.ts";
import { FakeClock } from "../fakes/clock.ts";
import { youtubeId, youtubeTrack } from "../fakes/tracks.ts";
import { freshDatabase } from "./database.ts";

const ANN: ListOwner = { kind: "person", id: "1" };
const BOB: ListOwner = { kind: "person", id: "2" };
/** The id of a guild can be that of a person: both are numbers of Discord. */
const GUILD: ListOwner = { kind: "guild", id: "1" };

let db: Database;
let clock: FakeClock;
let lists: SavedLists;

beforeEach(async () => {
  db = await freshDatabase();
  clock = new FakeClock();
  lists = new SavedLists(db, clock);
});

const songs = (...numbers: readonly number[]): Track[] =>
  numbers.map((number) => youtubeTrack(youtubeId(number)));
const song = (number: number): TrackRef => ({ source: "youtube", id: youtubeId(number) });

async function idsIn(owner: ListOwner, name: string): Promise<string[] | undefined> {
  return (await lists.songsOf(owner, name))?.map(({ id }) => id);
}

describe("a list", () => {
  it("keeps its songs in the order in which they were added, each once", async () => {
    expect(await lists.make(ANN, "Road trip", "1")).toBe("made");
    expect(await lists.add(ANN, "Road trip", songs(3, 1))).toEqual({ added: 2, known: 0, left: 0 });
    expect(await lists.add(ANN, "road TRIP", songs(1, 2, 2))).toEqual({ added: 1, known: 2, left: 0 });
    expect(await idsIn(ANN, "Road trip")).toEqual([3, 1, 2].map(youtubeId));
    expect(await lists.songsOf(ANN, "Road trip")).toEqual(
      [3, 1, 2].map((number) => youtubeTrack(youtubeId(number), { isUnproven: true })),
    );
  });

  it("lets a song go, and takes it back at its end", async () => {
    await lists.make(ANN, "a", "1");
    await lists.add(ANN, "a", songs(1, 2, 3));
    expect(await lists.remove(ANN, "a", song(1))).toBe(true);
    expect(await lists.remove(ANN, "a", song(1))).toBe(false);
    expect(await lists.remove(ANN, "b", song(2))).toBe(false);
    await lists.add(ANN, "a", songs(1));
    expect(await idsIn(ANN, "a")).toEqual([2, 3, 1].map(youtubeId));
  });

  it("is told with its songs, its length, who made it and when it was changed", async () => {
    await lists.make(GUILD, "b", "2");
    await lists.make(GUILD, "A", "1");
    clock.advance(5);
    await lists.add(GUILD, "b", [
      youtubeTrack(youtubeId(1), { durationMs: 2_000 }),
      youtubeTrack(youtubeId(2), { durationMs: null }),
    ]);
    const later = clock.nowMs();
    const a = { name: "A", songs: 0, durationMs: 0, madeBy: "1", changedAtMs: later - 5 };
    const b = { name: "b", songs: 2, durationMs: 2_000, madeBy: "2", changedAtMs: later };
    expect(await lists.listsOf(GUILD)).toEqual([a, b]);
    expect(await lists.find(GUILD, "B")).toEqual(b);
    expect(await lists.find(GUILD, "c")).toBeUndefined();
  });

  it("belongs to its owner alone", async () => {
    await lists.make(ANN, "a", "1");
    await lists.add(ANN, "a", songs(1));
    for (const owner of [BOB, GUILD]) {
      expect(await lists.find(owner, "a")).toBeUndefined();
      expect(await lists.songsOf(owner, "a")).toBeUndefined();
      expect(await lists.add(owner, "a", songs(2))).toBeUndefined();
      expect(await lists.delete(owner, "a")).toBe(false);
      expect(await lists.make(owner, "a", "9")).toBe("made");
    }
    expect(await idsIn(ANN, "a")).toEqual([youtubeId(1)]);
  });

  it("is not made twice, and goes with its songs", async () => {
    await lists.make(ANN, "a", "1");
    await lists.add(ANN, "a", songs(1));
    expect(await lists.make(ANN, "A", "1")).toBe("exists");
    expect(await lists.delete(ANN, "a")).toBe(true);
    expect(await lists.delete(ANN, "a")).toBe(false);
    expect(await db.selectFrom("saved_songs").selectAll().execute()).toEqual([]);
    await lists.make(ANN, "a", "1");
    expect(await idsIn(ANN, "a")).toEqual([]);
  });

  it("shows what a source has told since, and its link as long as nothing else is known", async () => {
    const named = youtubeTrack(youtubeId(1), { title: "", artist: "" });
    const claimed = youtubeTrack(youtubeId(2), { title: "Claimed", thumbnailUrl: "https://evil.example/x" });
    await lists.add(ANN, FAVOURITES, [named, claimed]);
    const before = await lists.songsOf(ANN, FAVOURITES);
    expect(before?.map(({ title, thumbnailUrl }) => [title, thumbnailUrl])).toEqual([
      [named.url, null],
      ["Claimed", null],
    ]);
    const told = songs(1, 2).map((track) => ({ ...track, thumbnailUrl: "https://i.example/x.jpg" }));
    const resolutions = new Resolutions(db);
    for (const track of told) await resolutions.rememberTrack(track, 1);
    expect(await lists.songsOf(ANN, FAVOURITES)).toEqual(told);
  });

  it("holds songs that a service only names so far", async () => {
    const named = youtubeTrack("4uLU6hMCjMI75M1A2tKUQC", { source: "spotify", url: "https://example.com/s" });
    expect(await lists.add(ANN, FAVOURITES, [named, named])).toEqual({ added: 1, known: 1, left: 0 });
    expect(await lists.songsOf(ANN, FAVOURITES)).toEqual([named]);
    expect(await lists.remove(ANN, FAVOURITES, named)).toBe(true);
    expect(await lists.songsOf(ANN, FAVOURITES)).toEqual([]);
  });

  it("changes nothing of what is known about songs", async () => {
    const resolutions = new Resolutions(db);
    const [known] = songs(1);
    if (known) await resolutions.rememberTrack(known, 1);
    await lists.add(ANN, FAVOURITES, [youtubeTrack(youtubeId(1), { title: "Lie" })]);
    await lists.add(ANN, FAVOURITES, [youtubeTrack(youtubeId(2), { title: "Another lie" })]);
    const rows = await db.selectFrom("tracks").select("title").execute();
    expect(rows).toEqual([{ title: known?.title }]);
  });
});

describe("favourites", () => {
  it("are there without being made, and are in no one's way", async () => {
    expect(await lists.songsOf(ANN, FAVOURITES)).toEqual([]);
    expect(await lists.add(ANN, FAVOURITES, songs(1))).toEqual({ added: 1, known: 0, left: 0 });
    expect(await lists.add(ANN, FAVOURITES, songs(1))).toEqual({ added: 0, known: 1, left: 0 });
    expect(await idsIn(ANN, FAVOURITES)).toEqual([youtubeId(1)]);
    expect(await idsIn(BOB, FAVOURITES)).toEqual([]);
    expect(await lists.listsOf(ANN)).toEqual([]);
  });
});

describe("there is no room", () => {
  it("for another list of somebody who has many", async () => {
    for (const owner of [ANN, GUILD]) {
      await lists.add(owner, FAVOURITES, songs(1));
      for (let made = 0; made < MOST_LISTS[owner.kind]; made += 1)
        expect(await lists.make(owner, `list ${made}`, "1")).toBe("made");
      expect(await lists.make(owner, "one more", "1")).toBe("full");
      expect(await lists.make(owner, "list 0", "1")).toBe("exists");
      await lists.delete(owner, "list 0");
      expect(await lists.make(owner, "one more", "1")).toBe("made");
    }
  });

  it("for more songs than a list holds", async () => {
    const many = Array.from({ length: MOST_SONGS_IN_LIST + 3 }, (_, number) =>
      youtubeTrack(String(number).padStart(11, "0")),
    );
    await lists.make(ANN, "a", "1");
    expect(await lists.add(ANN, "a", many)).toEqual({ added: MOST_SONGS_IN_LIST, known: 0, left: 3 });
    expect(await lists.add(ANN, "a", many.slice(-1))).toEqual({ added: 0, known: 0, left: 1 });
    expect((await idsIn(ANN, "a"))?.length).toBe(MOST_SONGS_IN_LIST);
  });
});
