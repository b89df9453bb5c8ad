import { beforeEach, describe, expect, it, vi } from "vitest";
import type { CommandContext } from "../../src/command/context.ts";
import {
  addSongs,
  currentSong,
  favouritesOf,
  findList,
  listNamesFor,
  listToChange,
  makeList,
  placeOf,
  songAt,
  songsMeant,
  songsOf,
} from "../../src/command/saved-lists.ts";
import { type OwnSongs, suggestLists } from "../../src/command/suggestions.ts";
import { FAVOURITES, MOST_SONGS_IN_LIST } from "../../src/core/saved-list.ts";
import { Cooldowns } from "../../src/policy/cooldown.ts";
import type { Track } from "../../src/core/track.ts";
import { Desk } from "../fakes/command-context.ts";
import { BOB } from "../fakes/people.ts";
import { type TasteUnderTest, tasteIn } from "../fakes/taste.ts";
import { youtubeId, youtubeTrack } from "../fakes/tracks.ts";
import { freshDatabase } from "../db/database.ts";
import { song } from "../player/set-up.ts";

let taste: TasteUnderTest;
let desk: Desk;
let context: CommandContext;
let bob: CommandContext;

beforeEach(async () => {
  taste = tasteIn(await freshDatabase());
  desk = new Desk({ taste });
  context = desk.context();
  bob = desk.context({ actor: BOB });
});

const songs = (...numbers: readonly number[]): Track[] =>
  numbers.map((number) => youtubeTrack(youtubeId(number)));

async function made(name: string, kind: "person" | "guild", by: CommandContext): Promise<void> {
  await taste.lists.make(placeOf(by, name, kind === "guild").owner, name, by.actor.id);
}

describe("a list is found", () => {
  it("by its name among one's own, then among those of the server", async () => {
    await made("Mine", "person", context);
    await made("Both", "person", context);
    await made("Both", "guild", bob);
    const ownerOf = async (name: string, isServers: boolean): Promise<string> =>
      (await findList(context, name, isServers)).owner.kind;
    expect(await ownerOf(" mine ", false)).toBe("person");
    expect(await ownerOf("BOTH", false)).toBe("person");
    expect(await ownerOf("Both", true)).toBe("guild");
    expect((await findList(bob, "both", false)).name).toBe("Both");
    await expect(findList(bob, "Mine", false)).rejects.toMatchObject({ code: "NO_SUCH_LIST" });
    await expect(findList(context, "Mine", true)).rejects.toMatchObject({ code: "NO_SUCH_LIST" });
    await expect(findList(context, "\u200B", false)).rejects.toMatchObject({ code: "NO_LIST_NAME" });
  });

  it("never as the favourites of somebody", async () => {
    await addSongs(context, favouritesOf(context), songs(1));
    expect(favouritesOf(context)).toEqual({ owner: { kind: "person", id: "ann" }, name: FAVOURITES });
    await expect(findList(context, FAVOURITES, false)).rejects.toMatchObject({ code: "NO_LIST_NAME" });
  });
});

const offered = async (who: CommandContext, typed: string): Promise<string[]> => {
  const names: string[] = [];
  const listNames = (): Promise<readonly string[]> => listNamesFor(who.services, who.actor.id, who.guildId);
  const own: OwnSongs = { find: async () => [], searches: async () => [], elsewhere: async () => [] };
  for await (const { value } of suggestLists(own, typed, listNames)) names.push(value);
  return names;
};

it("while somebody types, their lists and then the server's are offered, by any part of their names", async () => {
  await made("Road trip", "person", context);
  await made("Ann's secrets", "person", context);
  await made("Our road", "guild", context);
  expect(await offered(context, " ROAD ")).toEqual(["Road trip", "Our road"]);
  expect(await offered(context, "")).toEqual(["Ann's secrets", "Road trip", "Our road"]);
  expect(await offered(bob, "")).toEqual(["Our road"]);
  expect(await offered(bob, "nothing")).toEqual([]);
});

describe("a list of the server is changed", () => {
  it("by who made it and by those who manage the server", async () => {
    await made("Bob's", "guild", bob);
    await made("Ann's", "guild", context);
    expect((await listToChange(bob, "bob's", true)).name).toBe("Bob's");
    // Ann owns the bot.
    expect((await listToChange(context, "Bob's", true)).name).toBe("Bob's");
    await expect(listToChange(bob, "Ann's", true)).rejects.toMatchObject({ code: "NOT_ALLOWED" });
    await expect(listToChange(bob, "Ann's", false)).rejects.toMatchObject({ code: "NO_SUCH_LIST" });
  });
});

it("the lists of a server have room for those of several people", async () => {
  for (const name of ["1", "2", "3", "4", "5"]) await makeList(bob, placeOf(bob, name, true));
  const sixth = makeList(bob, placeOf(bob, "6", true));
  await expect(sixth).rejects.toMatchObject({ code: "TOO_MANY_LISTS_OF_YOURS" });
  await expect(makeList(context, placeOf(context, "1", true))).rejects.toMatchObject({ code: "LIST_EXISTS" });
  await makeList(context, placeOf(context, "6", true));
  await makeList(bob, placeOf(bob, "6", false));
});

describe("the songs of a list", () => {
  it("are there, have numbers, or say why not", async () => {
    const place = placeOf(context, "a", false);
    await expect(songsOf(context, place)).rejects.toMatchObject({ code: "NO_SUCH_LIST" });
    await made("a", "person", context);
    await expect(songsOf(context, place)).rejects.toMatchObject({ code: "LIST_EMPTY" });
    await addSongs(context, place, songs(1, 2));
    expect((await songAt(context, place, 2)).id).toBe(youtubeId(2));
    for (const number of [0, 3, -1])
      await expect(songAt(context, place, number)).rejects.toMatchObject({ code: "NO_SUCH_ENTRY" });
  });

  it("are added as long as one of them fits", async () => {
    const place = favouritesOf(context);
    const many = Array.from({ length: MOST_SONGS_IN_LIST }, (_, number) =>
      youtubeTrack(String(number).padStart(11, "b")),
    );
    await addSongs(context, place, many.slice(1));
    expect(await addSongs(context, place, [...many.slice(0, 1), ...songs(1)])).toMatchObject({
      added: 1,
      left: 1,
    });
    await expect(addSongs(context, place, songs(1))).rejects.toMatchObject({ code: "LIST_FULL" });
    await expect(addSongs(context, placeOf(context, "none", false), songs(1))).rejects.toMatchObject({
      code: "NO_SUCH_LIST",
    });
  });
});

async function* endless(): AsyncGenerator<Track> {
  for (let number = 0; ; number += 1) yield youtubeTrack(String(number).padStart(11, "b"));
}

async function* none(): AsyncGenerator<Track> {
  yield* [];
}

describe("songs that are meant", () => {
  it("are the one that plays, as its recording", async () => {
    await expect(songsMeant(context, undefined)).rejects.toMatchObject({ code: "NOTHING_PLAYING" });
    desk.bench.voice.autoplay = false;
    const { session, voiceChannel } = context;
    if (voiceChannel) session.enqueue([song(1)], voiceChannel);
    await vi.waitFor(() => expect(session.state.status).toBe("playing"));
    expect(await songsMeant(context, undefined)).toEqual([song(1).track]);
    const [recording] = songs(9);
    taste.recordingOf = async () => recording;
    expect(await currentSong(context)).toEqual(recording);
    taste.recordingOf = async () => undefined;
    expect(await currentSong(context)).toEqual(song(1).track);
    await session.stop();
  });

  it("are what a text means, of a list as many as a list holds", async () => {
    const asked = (entries: () => AsyncIterable<Track>): CommandContext =>
      new Desk({
        taste,
        resolve: async () => ({ kind: "playlist", id: "x", entries: entries() }),
      }).context();
    expect((await songsMeant(asked(endless), "x")).length).toBe(MOST_SONGS_IN_LIST);
    expect((await songsMeant(asked(endless), "x", 1)).length).toBe(1);
    const asker = asked(endless);
    const hasty = { ...asker, services: { ...asker.services, cooldowns: new Cooldowns(() => 0) } };
    const hammer = async (): Promise<void> => {
      for (let times = 0; times < 50; times += 1) await songsMeant(hasty, "x", 1);
    };
    await expect(hammer()).rejects.toMatchObject({ code: "TOO_FAST" });
    await expect(songsMeant(asked(none), "x")).rejects.toMatchObject({ code: "NOTHING_FOUND" });
    const one = new Desk({
      taste,
      resolve: async () => ({ kind: "tracks", tracks: songs(1), startMs: 0 }),
    }).context();
    expect(await songsMeant(one, "x")).toEqual(songs(1));
  });
});
