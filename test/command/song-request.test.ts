import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { command as play } from "../../commands/play.ts";
import { command as search } from "../../commands/search.ts";
import type { AttachedFile } from "../../src/command/args.ts";
import type { CommandContext, Resolved, Services } from "../../src/command/context.ts";
import type { Command } from "../../src/command/define.ts";
import { playSongs } from "../../src/command/song-request.ts";
import { dispatch, dispatchOnMessage, dispatchPress } from "../../src/command/dispatch.ts";
import { splitLine } from "../../src/command/split-line.ts";
import type { KnownSong } from "../../src/core/catalogue.ts";
import { AppError } from "../../src/core/errors.ts";
import { cacheKey, type Track } from "../../src/core/track.ts";
import { Cooldowns } from "../../src/policy/cooldown.ts";
import { LANGUAGES } from "../../src/texts/texts.ts";
import type { GuildSession } from "../../src/player/guild-session.ts";
import { Desk } from "../fakes/command-context.ts";
import { BOB } from "../fakes/people.ts";
import { youtubeId, youtubeTrack } from "../fakes/tracks.ts";
import { LOUNGE, song } from "../player/set-up.ts";

const DJ_ROLE = "876543210987654321";

let desk: Desk;
let session: GuildSession;
let found: Resolved;
/** `undefined` = the source does not answer. */
let searched: readonly Track[] | undefined;
let own: readonly KnownSong[];
/** What was to be resolved, and how. */
let asked: [string, Parameters<Services["resolve"]>[1]][];

const track = (number: number, more: Partial<Track> = {}): Track => youtubeTrack(youtubeId(number), more);
const numbered = (...numbers: readonly number[]): Track[] => numbers.map((number) => track(number));
const one = (wanted: Track): Resolved => ({ kind: "tracks", tracks: [wanted], startMs: 0 });
const listOf = (...tracks: readonly Track[]): Resolved => ({
  kind: "playlist",
  id: "PLlist",
  entries: (async function* () {
    yield* tracks;
  })(),
});
const list = (...numbers: readonly number[]): Resolved => listOf(...numbered(...numbers));
const deps = () => ({ log: desk.bench.log, newReference: () => "ref" });
const says = (
  command: Command,
  line: string,
  more: Partial<CommandContext> = {},
  files: readonly AttachedFile[] = [],
): Promise<void> => dispatch(deps(), command, splitLine(command.args, line, files), desk.context(more));
const waiting = (): string[] => session.queue.items.map(({ track: { id } }) => id);
const ids = (...numbers: readonly number[]): string[] => numbers.map(youtubeId);
const plays = (number: number): Promise<void> =>
  vi.waitFor(
    () =>
      expect(session.state).toMatchObject({ status: "playing", item: { track: { id: youtubeId(number) } } }),
    { interval: 1 },
  );
const attached = (name: string, contentType: string | undefined): AttachedFile => ({
  name,
  url: `https://cdn.discordapp.com/attachments/1/2/${name}`,
  bytes: 10,
  contentType,
});

/** Song 1 plays, songs 2 and 3 wait; Bob is among those who listen. */
async function playing(): Promise<void> {
  session.enqueue([1, 2, 3].map(song), LOUNGE);
  await plays(1);
}

beforeEach(() => {
  asked = [];
  searched = [];
  own = [];
  found = one(track(9));
  desk = new Desk({
    resolve: (text, where) => {
      asked.push([text, where]);
      return Promise.resolve(found);
    },
    search: () => (searched ? Promise.resolve(searched) : Promise.reject(new AppError("SOURCE_UNREACHABLE"))),
    chapters: ({ chapters = [] }) => Promise.resolve(chapters),
    ownSongs: () => ({
      find: () => Promise.resolve(own),
      searches: () => Promise.resolve([]),
      elsewhere: () => Promise.resolve([]),
    }),
  });
  desk.bench.voice.autoplay = false;
  session = desk.services.sessions.of("guild");
});
afterEach(() => desk.services.sessions.close());

describe("the place of a song", () => {
  it("is before all others with next, and that of the song that plays with now", async () => {
    await playing();
    await says(play, "africa --next");
    expect(waiting()).toEqual(ids(9, 2, 3));
    expect(desk.text).toContain("number 1 in the queue");
    found = one(track(8));
    await says(play, "--now africa");
    await plays(8);
    expect(waiting()).toEqual(ids(9, 2, 3));
    expect(asked.map(([text, { startsNow }]) => [text, startsNow])).toEqual([
      ["africa", false],
      ["africa", true],
    ]);
  });

  it("is that of a list as well, whose songs keep their order", async () => {
    await playing();
    found = list(5, 6, 7);
    await says(play, "list --next");
    expect(waiting()).toEqual(ids(5, 6, 7, 2, 3));
    found = list(10, 11, 12);
    await says(play, "list --now");
    await plays(10);
    expect(waiting()).toEqual(ids(11, 12, 5, 6, 7, 2, 3));
  });

  it("is the last one for who has no say about the songs of others", async () => {
    desk.chosen = { djRole: DJ_ROLE };
    await playing();
    const bob = { actor: BOB, listenerIds: ["ann", "bob"] };
    for (const line of ["africa --next", "africa --now"]) {
      await says(play, line, bob);
      expect(desk.text).toContain("Only people with the role");
    }
    expect(asked).toEqual([]);
    await says(play, "africa", bob);
    expect(waiting()).toEqual(ids(2, 3, 9));
    desk.chosen = { voteSkip: "on" };
    await says(play, "africa --now", bob);
    expect(desk.text).toContain("People vote here");
  });
});

describe("a list", () => {
  it("is asked for as it is wanted", async () => {
    await says(play, "list");
    await says(play, "list --limit 3");
    await says(play, "list --shuffle");
    expect(asked.map(([, where]) => where.list)).toEqual([
      { limit: undefined, isShuffled: false, isWhole: false },
      { limit: 3, isShuffled: false, isWhole: true },
      { limit: undefined, isShuffled: true, isWhole: true },
    ]);
    await says(play, "list --limit 1001");
    expect(desk.text).toContain("limit must be a whole number from 1 to 1,000.");
  });

  it("may bring more songs than usual when somebody says so", async () => {
    found = list(...Array.from({ length: 250 }, (_, index) => index % 90));
    await says(play, "list --limit 240");
    expect(session.tracks).toHaveLength(240);
  });

  it("leaves everything else its turn while it is added, however long that takes", async () => {
    await playing();
    found = list(...Array.from({ length: 40 }, (_, index) => index));
    const enqueue = session.enqueue.bind(session);
    vi.spyOn(session, "enqueue").mockImplementation((...songs) => {
      desk.bench.clock.advance(5);
      return enqueue(...songs);
    });
    let turns = 0;
    const count = (): void => {
      turns += 1;
      if (session.queue.length < 42) setImmediate(count);
    };
    setImmediate(count);
    await says(play, "list");
    expect(session.queue.length).toBe(42);
    expect(turns).toBeGreaterThanOrEqual(39);
  });

  it("is cut where the queue is full, and where its person may have no more", async () => {
    await playing();
    desk.bench.options = { ...desk.bench.options, queueCap: 4 };
    found = list(5, 6, 7);
    await says(play, "list");
    expect(desk.last.lines).toEqual(["Added **2 songs** of the playlist to the queue; more were left out."]);
    found = list(5, 6, 7);
    await says(play, "list");
    expect(desk.text).toContain("The queue is full");
    found = one(track(9));
    await says(play, "africa");
    expect(desk.text).toContain("The queue is full");
  });

  it("leaves out what is longer than the guild wants", async () => {
    desk.chosen = { maxSongMinutes: "5" };
    const tooLong = track(6, { durationMs: 301_000 });
    found = listOf(track(5, { durationMs: 300_000 }), tooLong, track(7));
    await says(play, "list");
    expect(session.tracks.map(({ id }) => id)).toEqual(ids(5, 7));
    expect(desk.text).toContain("more were left out");
    found = listOf(tooLong);
    await says(play, "list");
    expect(desk.text).toContain("This is longer than the 5:00 allowed here.");
    found = one(tooLong);
    await says(play, "africa");
    expect(desk.text).toContain("This is longer than the 5:00 allowed here.");
    found = one(track(8, { durationMs: null }));
    await says(play, "radio");
    expect(session.tracks).toHaveLength(3);
  });
});

describe("chapters", () => {
  const chapters = [
    { title: "Opening", startMs: 0, endMs: 20_000 },
    { title: "*End*", startMs: 20_000, endMs: 60_000 },
  ];

  it("become songs of the queue, each with its part and its name", async () => {
    await playing();
    found = one(track(9, { chapters, durationMs: 60_000 }));
    await says(play, "africa --split");
    expect(desk.last.lines).toEqual([
      `Added **2 chapters** of **Somebody – Title of ${youtubeId(9)}** to the queue.`,
    ]);
    expect(session.queue.items.slice(2)).toMatchObject([
      { startMs: 0, endMs: 20_000, chapter: "Opening" },
      { startMs: 20_000, endMs: 60_000, chapter: "*End*" },
    ]);
  });

  it("are none where the song has none", async () => {
    await says(play, "africa --split");
    expect(desk.text).toContain("That song has no chapters.");
    expect(session.tracks).toEqual([]);
  });
});

async function playsFrom(
  text: string,
  files: readonly AttachedFile[],
  { entry = "Play this", ...more }: Partial<CommandContext> & { readonly entry?: string } = {},
): Promise<void> {
  const action = play.onMessages?.find(({ name }) => name(LANGUAGES.en) === entry);
  if (!action) throw new Error(`there is no "${entry}" in the menu of messages`);
  await dispatchOnMessage(deps(), play, { action, message: { text, files } }, desk.context(more));
}

describe("what is played", () => {
  it("is the words, else the file that hangs on the message", async () => {
    const files = [attached("a.mp3", "audio/mpeg")];
    await says(play, "africa", {}, files);
    await says(play, "", {}, files);
    expect(asked.map(([text]) => text)).toEqual(["africa", files[0]?.url]);
    await says(play, "");
    expect(desk.text).toContain("query is missing.");
  });

  it.each([
    ["", [attached("a.png", "image/png"), attached("b.ogg", "audio/ogg")], "b.ogg"],
    ["see https://youtu.be/x", [attached("b.mp4", "video/mp4")], "b.mp4"],
    ["see <https://youtu.be/x> or https://youtu.be/y", [attached("a.txt", undefined)], "https://youtu.be/x"],
  ] as const)("in a message %j with %j is %j", async (text, files, wanted) => {
    await playsFrom(text, files);
    expect(asked[0]?.[0]).toContain(wanted);
  });

  it("in a message comes next, or after all others, as its menu says", async () => {
    await playing();
    await playsFrom("https://youtu.be/x", [], { entry: "Add to queue" });
    expect(waiting()).toEqual(ids(2, 3, 9));
    found = one(track(8));
    await playsFrom("https://youtu.be/x", []);
    expect(waiting()).toEqual(ids(8, 2, 3, 9));
  });

  it("in a message comes before the songs of others for those alone who have a say", async () => {
    await playing();
    desk.chosen = { djRole: DJ_ROLE };
    const bob = { actor: BOB, listenerIds: ["ann", "bob"] };
    await playsFrom("https://youtu.be/x", [], bob);
    expect(desk.text).toContain("Only people with the role");
    await playsFrom("https://youtu.be/x", [], { ...bob, entry: "Add to queue" });
    expect(waiting()).toEqual(ids(2, 3, 9));
  });

  it("is nothing in a message without a link or a file with sound", async () => {
    await playsFrom("nothing here", [attached("a.png", "image/png")]);
    expect(desk.text).toContain("There is no link and no file with sound");
    expect(asked).toEqual([]);
  });
});

describe("a pace", () => {
  it("is kept for what has to be fetched, and for lists", async () => {
    desk.cachedIds.add(youtubeId(9));
    const take = vi.spyOn(desk.services.cooldowns, "take");
    const misses = (): number => take.mock.calls.filter(([effort]) => effort === "miss").length;
    await says(play, "cached");
    expect(misses()).toBe(0);
    found = one(track(8));
    await says(play, "not cached");
    expect(misses()).toBe(1);
    found = list(5, 6);
    await says(play, "list");
    expect(misses()).toBe(2);
    take.mockReturnValue({ status: "wait", waitMs: 2_000, isToldAlready: false });
    const before = session.tracks.length;
    await says(play, "not cached");
    expect(desk.text).toContain("Try again in 2 s.");
    expect(session.tracks).toHaveLength(before);
  });
});

const choose = (input: string): Promise<void> =>
  dispatchPress(
    deps(),
    search,
    { name: "pick", payload: "", input, fields: {} },
    desk.context({ surface: "button" }),
  );

describe("search", () => {
  it("shows what was found, and plays what is chosen of it", async () => {
    searched = [track(1), track(2), track(1), track(3, { url: `https://example.org/${"x".repeat(100)}` })];
    desk.cachedIds.add(youtubeId(2));
    await says(search, "africa");
    expect(desk.last.lines).toEqual([
      `1\\. **Somebody – Title of ${youtubeId(1)}** · 0:01`,
      `2\\. ⚡ **Somebody – Title of ${youtubeId(2)}** · 0:01`,
    ]);
    const { options = [], id } = desk.last.menu ?? {};
    expect(id).toBe("search:pick:");
    expect(options[1]).toEqual({ label: `2. Somebody – Title of ${youtubeId(2)}`, value: track(2).url });
    found = one(track(2));
    await choose(options[1]?.value ?? "");
    expect(asked).toMatchObject([[track(2).url, { startsNow: true }]]);
    await plays(2);
  });

  it("shows what is cached when the source does not answer", async () => {
    searched = undefined;
    await says(search, "africa");
    expect(desk.text).toContain("The source cannot be reached right now.");
    own = [{ key: cacheKey(track(3)), track: track(3), isCached: true, isPinned: false, playCount: 1 }];
    await says(search, "africa");
    expect(desk.last.menu?.options).toHaveLength(1);
  });

  it("says so when nothing is found", async () => {
    await says(search, "africa");
    expect(desk.text).toContain("Nothing was found");
  });
});

describe("songs of a saved list", () => {
  it("go into the queue in their order, and everyone is told", async () => {
    await playSongs(desk.context(), "Mine", numbered(1, 2, 3));
    await plays(1);
    expect(session.tracks.map(({ id }) => id)).toEqual(ids(1, 2, 3));
    expect(desk.answers).toHaveLength(1);
    expect(desk.text).toContain("Added **3 songs** of **Mine** to the queue.");
  });

  it("are left out where the queue is full", async () => {
    await playing();
    desk.bench.options = { ...desk.bench.options, queueCap: 4 };
    await playSongs(desk.context(), "Mine", numbered(5, 6, 7));
    expect(desk.text).toContain("Added **2 songs** of **Mine** to the queue; more were left out.");
    await expect(playSongs(desk.context(), "Mine", numbered(5))).rejects.toMatchObject({
      code: "QUEUE_FULL",
    });
  });

  it("keep the guild's longest length and their person's pace, as all others do", async () => {
    desk.chosen = { maxSongMinutes: "5" };
    const tooLong = track(6, { durationMs: 301_000 });
    await playSongs(desk.context(), "Mine", [track(5, { durationMs: 300_000 }), tooLong, track(7)]);
    expect(session.tracks.map(({ id }) => id)).toEqual(ids(5, 7));
    expect(desk.text).toContain("more were left out");
    const alone = playSongs(desk.context(), "Mine", [tooLong]);
    await expect(alone).rejects.toMatchObject({ code: "TRACK_TOO_LONG" });
    const cooldowns = new Cooldowns(() => 0);
    const hasty = desk.context({ services: { ...desk.services, cooldowns } });
    const hammer = async (): Promise<void> => {
      for (let times = 0; times < 50; times += 1) await playSongs(hasty, "Mine", numbered(8));
    };
    await expect(hammer()).rejects.toMatchObject({ code: "TOO_FAST" });
  });
});
