import { describe, expect, it, vi } from "vitest";
import { AppError } from "../../src/core/errors.ts";
import { Gate } from "../fakes/gate.ts";
import { ATTIC, LOUNGE, type SessionUnderTest, setUp, song } from "./set-up.ts";

/** Plays song 1 until a test ends it; what else is queued waits. */
async function playing(bench: SessionUnderTest, ...waiting: readonly number[]): Promise<void> {
  bench.voice.autoplay = false;
  bench.session.enqueue([1, ...waiting].map(song), LOUNGE);
  await expectState(bench, { status: "playing", item: { id: "1" } });
}

async function expectState(bench: SessionUnderTest, expected: object): Promise<void> {
  await vi.waitFor(() => expect(bench.session.state).toMatchObject(expected), { interval: 1 });
}

describe("a session that is called to another channel", () => {
  it("goes over with the song that plays and all that waits", async () => {
    const bench = setUp();
    await playing(bench, 2);
    await bench.session.moveTo(ATTIC);
    expect(bench.session.channel).toEqual(ATTIC);
    expect(bench.session.state.status).toBe("playing");
    expect(bench.voice.joins).toEqual([LOUNGE]);
    expect(bench.told).toEqual(["started 1"]);
    expect(bench.session.snapshot().channel).toEqual(ATTIC);
  });

  it("stays where it is when it may not go there", async () => {
    const bench = setUp();
    await playing(bench);
    bench.voice.refusal = new AppError("VOICE_FULL", { channel: "Attic" });
    await expect(bench.session.moveTo(ATTIC)).rejects.toMatchObject({ code: "VOICE_FULL" });
    expect(bench.session.channel).toEqual(LOUNGE);
    expect(bench.session.state.status).toBe("playing");
  });

  it("joins there when it was nowhere, waits for songs, and leaves when none come", async () => {
    const bench = setUp({ idleLeaveMs: 20 });
    await bench.session.moveTo(ATTIC);
    expect(bench.voice.joins).toEqual([ATTIC]);
    expect(bench.session.channel).toEqual(ATTIC);
    await vi.waitFor(() => expect(bench.voice.link.left).toBe(1));
  });

  it("goes on there with a queue that was kept", async () => {
    const bench = setUp();
    await playing(bench, 2);
    bench.voice.link.lose();
    await expectState(bench, { status: "idle" });
    await bench.session.moveTo(ATTIC);
    await expectState(bench, { status: "playing", item: { id: "1", resumeMs: 60 } });
    expect(bench.voice.joins).toEqual([LOUNGE, ATTIC]);
  });

  it("goes there once it has joined the channel that it was joining", async () => {
    const bench = setUp();
    bench.voice.gate = new Gate();
    bench.voice.autoplay = false;
    bench.session.enqueue([song(1)], LOUNGE);
    await bench.voice.gate.reached;
    const moving = bench.session.moveTo(ATTIC);
    bench.voice.gate.open();
    await moving;
    await expectState(bench, { status: "playing" });
    expect(bench.session.channel).toEqual(ATTIC);
    expect(bench.voice.joins).toEqual([LOUNGE]);
  });
});

describe("a bot that ends", () => {
  it("keeps what plays and waits, and leaves", async () => {
    const bench = setUp();
    await playing(bench, 2);
    await bench.session.close();
    expect(bench.told).toEqual(["started 1", "ended 1 kept"]);
    expect(bench.voice.link.left).toBe(1);
    expect(bench.closed).toEqual(["1"]);
    expect(bench.session.queue.items).toMatchObject([{ id: "1", resumeMs: 60 }, { id: "2" }]);
  });

  it("keeps where a song was to go on that is not heard yet", async () => {
    const bench = setUp();
    const gate = new Gate();
    bench.provide = async ({ item }, signal) => {
      await gate.pass(signal);
      return bench.audio(item);
    };
    bench.session.enqueue([{ ...song(1), resumeMs: 40 }], LOUNGE);
    await gate.reached;
    expect(bench.session.snapshot().current).toMatchObject({ positionMs: 40 });
    await bench.session.close();
    expect(bench.told).toEqual(["ended 1 kept"]);
    expect(bench.session.queue.items).toMatchObject([{ resumeMs: 40 }]);
  });
});

describe("a bot that is to stay", () => {
  it("comes back to its channel after a restart, though nothing plays", async () => {
    const bench = setUp();
    bench.options = { ...bench.options, stay: true };
    const snapshot = { ...bench.session.snapshot(), channel: ATTIC };
    bench.session.restore(snapshot);
    await vi.waitFor(() => expect(bench.session.channel).toEqual(ATTIC));
    const other = setUp();
    other.session.restore(snapshot);
    await new Promise((resolve) => setImmediate(resolve));
    expect(other.voice.joins).toEqual([]);
  });
});
