import { describe, expect, it, vi } from "vitest";
import { DEFAULT_GUILD_OPTIONS } from "../../src/core/guild-options.ts";
import { AppError } from "../../src/core/errors.ts";
import type { QueueItem } from "../../src/player/queue.ts";
import { ATTIC, LOUNGE, type SessionUnderTest, setUp, song } from "./set-up.ts";

/** Plays song 1 until a test ends it; what else is queued waits. */
async function playing(bench: SessionUnderTest, ...waiting: readonly number[]): Promise<void> {
  bench.voice.autoplay = false;
  bench.session.enqueue([1, ...waiting].map(song), LOUNGE);
  await started(bench, "1");
}

/** Waits until a song is the one that plays. */
async function started(bench: SessionUnderTest, id: string): Promise<void> {
  await vi.waitFor(() => expect(bench.session.state).toMatchObject({ status: "playing", item: { id } }), {
    interval: 1,
  });
}

/** Lets the song that plays come to its end, and waits for the next one. */
async function ends(bench: SessionUnderTest, next: string): Promise<void> {
  const before = bench.counted.length;
  bench.voice.link.finish();
  await vi.waitFor(() => expect(bench.counted).toHaveLength(before + 1), { interval: 1 });
  await started(bench, next);
}

const waiting = ({ session }: SessionUnderTest): string[] => session.queue.items.map(({ id }) => id);
const history = ({ session }: SessionUnderTest): string[] =>
  session.history.map(({ item, ending }) => `${item.id} ${ending}`);
const by = (person: string, number: number): QueueItem => ({
  ...song(number),
  requestedBy: { id: person, name: person },
});

describe("songs that are added", () => {
  it("wait behind all others, or before them", async () => {
    const bench = setUp();
    await playing(bench, 2);
    bench.session.enqueue([song(3)], LOUNGE);
    bench.session.enqueue([song(4), song(5)], LOUNGE, { at: "next" });
    expect(waiting(bench)).toEqual(["4", "5", "2", "3"]);
  });

  it("begin at once when they are to, and end the song that plays", async () => {
    const bench = setUp();
    await playing(bench, 2);
    bench.session.enqueue([song(3), song(4)], LOUNGE, { at: "now" });
    await started(bench, "3");
    expect(waiting(bench)).toEqual(["4", "2"]);
    expect(history(bench)).toEqual(["1 interrupted"]);
  });

  it("begin at once where nothing plays, too", async () => {
    const bench = setUp();
    bench.session.enqueue([song(1)], ATTIC, { at: "now" });
    await vi.waitFor(() => expect(history(bench)).toEqual(["1 finished"]));
  });

  it("take turns by person where the guild wants that, after the one who is heard", async () => {
    const bench = setUp();
    bench.options = { ...DEFAULT_GUILD_OPTIONS, fairQueue: true };
    await playing(bench, 2, 3);
    bench.session.enqueue([by("bob", 4), by("bob", 5)], LOUNGE);
    expect(waiting(bench)).toEqual(["4", "2", "5", "3"]);
    bench.session.shuffle();
    expect(bench.session.queue.items.map(({ requestedBy }) => requestedBy.id)).toEqual([
      "bob",
      "ann",
      "bob",
      "ann",
    ]);
  });

  it("come before what the bot chose", async () => {
    const bench = setUp();
    await playing(bench);
    bench.session.queue.push([{ ...song(9), origin: "autoplay" }]);
    bench.session.enqueue([song(2)], LOUNGE);
    bench.options = { ...DEFAULT_GUILD_OPTIONS, fairQueue: true };
    bench.session.enqueue([by("bob", 3)], LOUNGE);
    expect(waiting(bench)).toEqual(["3", "2", "9"]);
  });

  it("are mixed on demand", async () => {
    const bench = setUp();
    await playing(bench, 2, 3, 4);
    bench.session.shuffle();
    expect(waiting(bench)).toEqual(["3", "4", "2"]);
  });
});

describe("a jump", () => {
  it("goes to a song of the queue and drops those before it", async () => {
    const bench = setUp();
    await playing(bench, 2, 3, 4);
    expect(bench.session.skipTo(2, LOUNGE)?.id).toBe("3");
    await started(bench, "3");
    expect(waiting(bench)).toEqual(["4"]);
    expect(history(bench)).toEqual(["1 interrupted"]);
    expect(bench.session.skipTo(2, LOUNGE)).toBeUndefined();
    await started(bench, "3");
  });

  it("keeps those before it for later when all songs are repeated", async () => {
    const bench = setUp();
    await playing(bench, 2, 3, 4);
    bench.session.loop = "queue";
    bench.session.skipTo(3, LOUNGE);
    await started(bench, "4");
    expect(waiting(bench)).toEqual(["2", "3", "1"]);
  });

  it("back plays the song before, and the current one after it from its beginning", async () => {
    const bench = setUp();
    await playing(bench, 2, 3);
    await ends(bench, "2");
    expect(bench.session.back(LOUNGE)?.id).toBe("1");
    await started(bench, "1");
    expect(waiting(bench)).toEqual(["2", "3"]);
    expect(history(bench)).toEqual([]);
    expect(bench.session.back(LOUNGE)).toBeUndefined();
    await ends(bench, "2");
    await ends(bench, "3");
    expect(history(bench)).toEqual(["2 finished", "1 finished"]);
  });

  it("back begins anew when all is over, and passes over what could not be played", async () => {
    const bench = setUp();
    bench.provide = async ({ item }) => {
      if (item.id === "2") throw new AppError("VIDEO_REMOVED");
      return bench.audio(item);
    };
    bench.session.enqueue([song(1), song(2)], LOUNGE);
    await vi.waitFor(() => expect(history(bench)).toEqual(["2 failed", "1 finished"]));
    bench.voice.link.leave();
    bench.voice.autoplay = false;
    expect(bench.session.back(ATTIC)?.id).toBe("1");
    await started(bench, "1");
    expect(history(bench)).toEqual(["2 failed"]);
    expect(bench.voice.joins).toEqual([LOUNGE, ATTIC]);
  });

  it("back takes a repeated song from the end of the queue", async () => {
    const bench = setUp();
    await playing(bench, 2, 3);
    bench.session.loop = "queue";
    await ends(bench, "2");
    expect(waiting(bench)).toEqual(["3", "1"]);
    bench.session.back(LOUNGE);
    await started(bench, "1");
    expect(waiting(bench)).toEqual(["2", "3"]);
  });

  it("back opens ahead what comes next, as ever", async () => {
    const bench = setUp();
    bench.cached.add("2");
    await playing(bench, 2);
    await ends(bench, "2");
    bench.session.back(LOUNGE);
    await started(bench, "1");
    const before = bench.opened.length;
    await vi.waitFor(() => expect(bench.opened.slice(before - 1)).toContain("2"));
  });
});

describe("a loop", () => {
  it("of the track goes on with it without a wait, until somebody skips it", async () => {
    const bench = setUp();
    bench.cached.add("1");
    await playing(bench, 2);
    bench.session.loop = "track";
    await vi.waitFor(() => expect(bench.opened).toEqual(["1", "1"]));
    bench.provide = () => Promise.reject(new AppError("INTERNAL"));
    await ends(bench, "1");
    expect(bench.counted).toEqual(["1", "1"]);
    expect(history(bench)).toEqual([]);
    bench.provide = async ({ item }) => bench.audio(item);
    bench.session.skip();
    await started(bench, "2");
    expect(history(bench)).toEqual(["1 interrupted"]);
    expect(bench.session.loop).toBe("track");
  });

  it("of the queue plays all of it again and again, with the next one standing by", async () => {
    const bench = setUp();
    for (const id of ["1", "2"]) bench.cached.add(id);
    await playing(bench, 2);
    bench.session.loop = "queue";
    await ends(bench, "2");
    await vi.waitFor(() => expect(bench.opened).toEqual(["1", "2", "1"]));
    await ends(bench, "1");
    bench.session.skip();
    await started(bench, "2");
    await ends(bench, "1");
    expect(waiting(bench)).toEqual(["2"]);
  });

  it("of the queue repeats a single song too", async () => {
    const bench = setUp();
    await playing(bench);
    bench.session.loop = "queue";
    await ends(bench, "1");
    await ends(bench, "1");
    expect(history(bench)).toEqual(["1 finished", "1 finished"]);
  });

  it.each(["track", "queue"] as const)("of the %s lets go of what fails or is empty", async (mode) => {
    const bench = setUp();
    bench.provide = async ({ item }) => {
      if (item.id === "1") throw new AppError("VIDEO_REMOVED");
      return bench.audio(item, 0);
    };
    bench.session.loop = mode;
    bench.session.enqueue([song(1), song(2)], LOUNGE);
    await vi.waitFor(() => expect(history(bench)).toEqual(["2 finished", "1 failed"]));
    expect(bench.session.queue.length).toBe(0);
  });

  it("ends with a stop", async () => {
    const bench = setUp();
    await playing(bench, 2);
    bench.session.loop = "queue";
    expect(await bench.session.stop()).toBe(2);
    expect([bench.session.loop, bench.session.queue.length]).toEqual(["off", 0]);
  });

  it("repeats a song that was broken off from its beginning", async () => {
    const bench = setUp();
    bench.session.loop = "track";
    const fromMs: number[] = [];
    bench.provide = async ({ item }) => {
      const audio = bench.audio(item);
      return {
        ...audio,
        open: (playback, signal) => (fromMs.push(playback.startMs), audio.open(playback, signal)),
      };
    };
    bench.voice.autoplay = false;
    bench.session.enqueue([{ ...song(1), resumeMs: 40 }], LOUNGE);
    await started(bench, "1");
    await ends(bench, "1");
    expect(fromMs).toEqual([40, 0]);
  });
});

it("remembers the last fifty songs", async () => {
  const bench = setUp();
  bench.session.enqueue(
    Array.from({ length: 60 }, (_, index) => song(index)),
    LOUNGE,
  );
  await vi.waitFor(() => expect(bench.closed).toHaveLength(60));
  expect(history(bench)).toHaveLength(50);
  expect(history(bench)[0]).toBe("59 finished");
});
