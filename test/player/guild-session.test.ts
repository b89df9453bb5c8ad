import { describe, expect, it, vi } from "vitest";
import { AppError } from "../../src/core/errors.ts";
import { Gate } from "../fakes/gate.ts";
import { FakePackets } from "../fakes/packets.ts";
import { ATTIC, LOUNGE, type SessionUnderTest, setUp, song } from "./set-up.ts";

const idle = (bench: SessionUnderTest): Promise<void> =>
  vi.waitFor(() => expect(bench.session.state.status).toBe("idle"), { interval: 1 });
const state = (bench: SessionUnderTest, status: string): Promise<void> =>
  vi.waitFor(() => expect(bench.session.state.status).toBe(status), { interval: 1 });
const quiet = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

describe("the queue", () => {
  it("is played in order, in one channel, and every audio is closed", async () => {
    const bench = setUp();
    bench.session.enqueue([song(1), song(2)], LOUNGE);
    bench.session.enqueue([song(3)], ATTIC);
    await vi.waitFor(() => expect(bench.closed).toEqual(["1", "2", "3"]));
    expect(bench.voice.joins).toEqual([LOUNGE]);
    expect(bench.voice.link.heard).toEqual(["1", "1", "1", "2", "2", "2", "3", "3", "3"]);
    expect(bench.told).toEqual([1, 2, 3].flatMap((id) => [`started ${id}`, `ended ${id} finished`]));
    expect(bench.log.named("player.finished")).toHaveLength(3);
    expect(bench.session.tracks).toEqual([]);
  });

  it("plays a song that is queued in any microtask around the end of another", async () => {
    for (let ticks = 0; ticks < 60; ticks += 1) {
      const bench = setUp();
      bench.session.enqueue([song(1)], LOUNGE);
      for (let tick = 0; tick < ticks; tick += 1) await Promise.resolve();
      bench.session.enqueue([song(2)], LOUNGE);
      await vi.waitFor(() => expect(bench.closed, `after ${ticks} microtasks`).toEqual(["1", "2"]), {
        interval: 1,
      });
    }
  });

  it("plays a song that is queued by whoever hears that the last one is over", async () => {
    const bench = setUp();
    const ended = vi
      .spyOn(bench, "onEnded")
      .mockImplementationOnce((session) => session.enqueue([song(2)], LOUNGE));
    bench.session.enqueue([song(1)], LOUNGE);
    await vi.waitFor(() => expect(ended).toHaveBeenCalledTimes(2));
    expect(bench.closed).toEqual(["1", "2"]);
  });

  it("is not put off by an empty list", async () => {
    const bench = setUp();
    bench.session.enqueue([], LOUNGE);
    expect(bench.voice.joins).toEqual([]);
    expect(bench.session.channel).toBeUndefined();
    bench.session.enqueue([song(1)], LOUNGE);
    await vi.waitFor(() => expect(bench.closed).toEqual(["1"]));
  });

  it("tells what plays and what waits", async () => {
    const bench = setUp();
    bench.voice.autoplay = false;
    bench.session.enqueue([song(1), song(2)], LOUNGE);
    await state(bench, "playing");
    expect(bench.session.tracks).toEqual([song(1).track, song(2).track]);
    expect(bench.session.channel).toEqual(LOUNGE);
    await quiet();
    expect(bench.session.positionMs).toBe(60);
  });
});

describe("a song that cannot be played", () => {
  it("is announced, and the next one plays", async () => {
    const bench = setUp();
    bench.provide = async ({ item }) => {
      if (item.id === "1") throw new AppError("VIDEO_REMOVED");
      if (item.id === "2") throw new TypeError("x is undefined");
      return bench.audio(item);
    };
    bench.session.enqueue([song(1), song(2), song(3)], LOUNGE);
    await vi.waitFor(() => expect(bench.closed).toEqual(["3"]));
    expect(bench.told).toEqual([
      "failed 1 VIDEO_REMOVED",
      "failed 2 INTERNAL",
      "started 3",
      "ended 3 finished",
    ]);
    expect(bench.log.named("player.failed").map(({ code }) => code)).toEqual(["VIDEO_REMOVED", "INTERNAL"]);
  });

  it("in the middle, because its file cannot be read, is announced too", async () => {
    const bench = setUp();
    bench.provide = async ({ item }) => ({
      ...bench.audio(item),
      open: async () => new FakePackets(item.id === "1" ? torn() : []),
    });
    bench.session.enqueue([song(1), song(2)], LOUNGE);
    await vi.waitFor(() => expect(bench.closed).toEqual(["1", "2"]));
    expect(bench.told).toEqual(["started 1", "failed 1 INTERNAL", "started 2", "ended 2 finished"]);
  });

  it("is counted as played when it is heard, not when it is fetched", async () => {
    const bench = setUp();
    bench.voice.autoplay = false;
    bench.voice.gate = new Gate();
    bench.session.enqueue([song(1)], LOUNGE);
    await vi.waitFor(() => expect(bench.opened).toEqual(["1"]));
    expect(bench.counted).toEqual([]);
    bench.voice.gate.open();
    await state(bench, "playing");
    expect(bench.counted).toEqual(["1"]);
  });
});

function* torn(): Generator<Buffer, void, undefined> {
  yield Buffer.from("1");
  throw new AppError("INTERNAL");
}

describe("a skip", () => {
  it("ends the song that plays, and the next one starts", async () => {
    const bench = setUp();
    bench.voice.autoplay = false;
    bench.session.enqueue([song(1), song(2)], LOUNGE);
    await state(bench, "playing");
    expect(bench.session.skip()?.id).toBe("1");
    await vi.waitFor(() => expect(bench.told).toContain("started 2"));
    expect(bench.told).toEqual(["started 1", "ended 1 interrupted", "started 2"]);
    expect(bench.voice.links).toHaveLength(1);
  });

  it("of a song that is being prepared stops the waiting, and does not hang up", async () => {
    const bench = setUp();
    const gate = new Gate();
    bench.provide = async ({ item }, signal) => {
      if (item.id === "1") await gate.pass(signal);
      return bench.audio(item);
    };
    bench.session.enqueue([song(1), song(2)], LOUNGE);
    await gate.reached;
    expect(bench.session.state.status).toBe("loading");
    bench.session.skip();
    await vi.waitFor(() => expect(bench.closed).toEqual(["2"]));
    expect(bench.told).toEqual(["ended 1 cancelled", "started 2", "ended 2 finished"]);
    expect(bench.voice.joins).toHaveLength(1);
  });

  it("closes audio that arrives although nobody waits for it any more", async () => {
    const bench = setUp();
    const gate = new Gate();
    bench.provide = async ({ item }) => {
      if (item.id === "1") await gate.pass();
      return bench.audio(item);
    };
    bench.session.enqueue([song(1), song(2)], LOUNGE);
    await gate.reached;
    bench.session.skip();
    gate.open();
    await vi.waitFor(() => expect(bench.closed).toEqual(["1", "2"]));
    expect(bench.told[0]).toBe("ended 1 cancelled");
  });

  it("while the channel is being joined joins once, for the next song", async () => {
    const bench = setUp();
    bench.voice.gate = new Gate();
    bench.session.enqueue([song(1), song(2)], LOUNGE);
    await bench.voice.gate.reached;
    await quiet();
    bench.session.skip();
    await vi.waitFor(() => expect(bench.closed).toEqual(["1"]));
    bench.voice.gate.open();
    await vi.waitFor(() => expect(bench.closed).toEqual(["1", "2"]));
    expect(bench.voice.joins).toHaveLength(1);
    expect(bench.told).toEqual(["ended 1 cancelled", "started 2", "ended 2 finished"]);
  });

  it("of nothing is nothing", () => {
    expect(setUp().session.skip()).toBeUndefined();
  });
});

describe("a stop", () => {
  it("empties the queue, ends the song, leaves, and counts what it dropped", async () => {
    const bench = setUp();
    bench.voice.autoplay = false;
    bench.session.enqueue([song(1), song(2), song(3)], LOUNGE);
    await state(bench, "playing");
    expect(await bench.session.stop()).toBe(3);
    expect(bench.voice.link).toMatchObject({ isOpen: false, left: 1 });
    expect(bench.session.channel).toBeUndefined();
    expect(bench.told).toEqual(["started 1", "ended 1 interrupted"]);
    expect(await bench.session.stop()).toBe(0);
  });

  it("calls off a join, and the next song joins anew once that has hung up", async () => {
    const bench = setUp();
    bench.voice.gate = new Gate();
    bench.voice.hangUp = new Gate();
    bench.session.enqueue([song(1)], LOUNGE);
    await bench.voice.gate.reached;
    expect(await bench.session.stop()).toBe(1);
    await bench.voice.hangUp.reached;
    bench.session.enqueue([song(2)], ATTIC);
    bench.voice.gate.open();
    await quiet();
    expect(bench.voice.joins).toEqual([LOUNGE]);
    bench.voice.hangUp.open();
    await vi.waitFor(() => expect(bench.closed).toEqual(["1", "2"]));
    expect(bench.voice.joins).toEqual([LOUNGE, ATTIC]);
    expect(bench.voice.mostJoining).toBe(1);
    expect(bench.told.slice(-2)).toEqual(["started 2", "ended 2 finished"]);
  });

  it("leaves a channel that was joined although the join was called off", async () => {
    const bench = setUp();
    bench.voice.gate = new Gate();
    bench.voice.ignoresAbort = true;
    bench.session.enqueue([song(1)], LOUNGE);
    await bench.voice.gate.reached;
    await bench.session.stop();
    bench.voice.gate.open();
    await vi.waitFor(() => expect(bench.voice.links).toMatchObject([{ left: 1, isOpen: false }]));
    expect(bench.session.channel).toBeUndefined();
  });

  it("lets a song play that is asked for while it takes effect", async () => {
    const bench = setUp();
    bench.voice.autoplay = false;
    bench.session.enqueue([song(1)], LOUNGE);
    await state(bench, "playing");
    const stopping = bench.session.stop();
    bench.session.enqueue([song(2)], LOUNGE);
    await stopping;
    await vi.waitFor(() => expect(bench.told).toContain("started 2"));
    expect(bench.voice.link.left).toBe(0);
  });
});

describe("a pause", () => {
  it("holds the song, and resume goes on with it", async () => {
    const bench = setUp();
    bench.voice.autoplay = false;
    bench.session.enqueue([song(1)], LOUNGE);
    await state(bench, "playing");
    expect(bench.session.pause()).toBe(true);
    expect(bench.session.pause()).toBe(false);
    expect(bench.session.state.status).toBe("paused");
    await quiet();
    expect(bench.session.resume(LOUNGE)).toBe(true);
    expect(bench.session.resume(LOUNGE)).toBe(false);
    expect(bench.voice.link).toMatchObject({ paused: 1, resumed: 1 });
    expect(bench.session.state.status).toBe("playing");
    expect(bench.session.positionMs).toBe(60);
    bench.voice.link.finish();
    await idle(bench);
    expect(bench.told).toEqual(["started 1", "paused 1", "started 1", "ended 1 finished"]);
  });

  it("does not outlive a skip", async () => {
    const bench = setUp();
    bench.voice.autoplay = false;
    bench.session.enqueue([song(1), song(2)], LOUNGE);
    await state(bench, "playing");
    bench.session.pause();
    bench.session.skip();
    await vi.waitFor(() => expect(bench.told).toContain("started 2"));
    expect(bench.session.state.status).toBe("playing");
  });

  it("of nothing is nothing", () => {
    const { session } = setUp();
    expect([session.pause(), session.resume(LOUNGE)]).toEqual([false, false]);
  });
});

describe("without a voice connection", () => {
  it("the queue is kept when the connection is lost, and resume goes on", async () => {
    const bench = setUp();
    bench.voice.autoplay = false;
    bench.session.enqueue([song(1), song(2)], LOUNGE);
    await state(bench, "playing");
    bench.voice.link.lose();
    await idle(bench);
    expect(bench.told).toEqual(["started 1", "failed 1 VOICE_LOST"]);
    expect(bench.session.queue.items.map(({ id }) => id)).toEqual(["1", "2"]);
    // It goes on where it was.
    expect(bench.session.queue.items[0]).toMatchObject({ startMs: 0, resumeMs: 60 });
    expect(bench.session.channel).toBeUndefined();
    await quiet();
    bench.voice.autoplay = true;
    expect(bench.session.resume(ATTIC)).toBe(true);
    await vi.waitFor(() => expect(bench.closed).toEqual(["1", "1", "2"]));
    expect(bench.voice.joins).toEqual([LOUNGE, ATTIC]);
  });

  it("the queue is kept when the channel cannot be joined, and a new song goes on with it", async () => {
    const bench = setUp();
    bench.voice.refusal = new AppError("VOICE_FULL", { channel: "Lounge" });
    bench.session.enqueue([song(1), song(2)], LOUNGE);
    await vi.waitFor(() => expect(bench.told).toEqual(["failed 1 VOICE_FULL"]));
    await quiet();
    expect(bench.session.queue.length).toBe(2);
    bench.voice.refusal = undefined;
    bench.session.enqueue([song(3)], ATTIC);
    await vi.waitFor(() => expect(bench.told.at(-1)).toBe("ended 3 finished"));
    expect(bench.voice.link.heard).toEqual([1, 2, 3].flatMap((id) => [`${id}`, `${id}`, `${id}`]));
  });

  it("nothing is waited for: the refusal is told before the song is prepared", async () => {
    const bench = setUp();
    const gate = new Gate();
    bench.voice.refusal = new AppError("VOICE_NO_PERMISSION", { channel: "Lounge", missing: "Connect" });
    bench.provide = async ({ item }, signal) => {
      await gate.pass(signal);
      return bench.audio(item);
    };
    bench.session.enqueue([song(1)], LOUNGE);
    await vi.waitFor(() => expect(bench.told).toEqual(["failed 1 VOICE_NO_PERMISSION"]));
  });
});

describe("an idle session", () => {
  it("leaves after its time, and joins again for the next song", async () => {
    const bench = setUp({ idleLeaveMs: 20 });
    bench.session.enqueue([song(1)], LOUNGE);
    await vi.waitFor(() => expect(bench.voice.link.left).toBe(1));
    expect(bench.session.channel).toBeUndefined();
    bench.session.enqueue([song(2)], ATTIC);
    await vi.waitFor(() => expect(bench.closed).toEqual(["1", "2"]));
    expect(bench.voice.joins).toEqual([LOUNGE, ATTIC]);
  });

  it("does not leave while a song plays", async () => {
    const bench = setUp({ idleLeaveMs: 1 });
    bench.voice.autoplay = false;
    bench.session.enqueue([song(1)], LOUNGE);
    await state(bench, "playing");
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(bench.voice.link.left).toBe(0);
    bench.voice.link.finish();
    await vi.waitFor(() => expect(bench.voice.link.left).toBe(1));
  });
});
