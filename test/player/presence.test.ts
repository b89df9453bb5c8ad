import { describe, expect, it, vi } from "vitest";
import { Gate } from "../fakes/gate.ts";
import { ATTIC, LOUNGE, type SessionUnderTest, setUp, song } from "./set-up.ts";

const NOBODY: ReadonlySet<string> = new Set();
const ANN: ReadonlySet<string> = new Set(["ann"]);
/** In minutes. */
const SOON = 10 / 60_000;

/** Plays song 1 until a test ends it; what else is queued waits. */
async function playing(bench: SessionUnderTest, ...waiting: readonly number[]): Promise<void> {
  bench.voice.autoplay = false;
  bench.session.enqueue([1, ...waiting].map(song), LOUNGE);
  await state(bench, { status: "playing", item: { id: "1" } });
}

async function state(bench: SessionUnderTest, expected: object): Promise<void> {
  await vi.waitFor(() => expect(bench.session.state).toMatchObject(expected), { interval: 1 });
}

const waiting = ({ session }: SessionUnderTest): object[] =>
  session.queue.items.map(({ id, resumeMs }) => ({ id, resumeMs }));

describe("a song that nobody listens to", () => {
  it("is held until somebody comes", async () => {
    const bench = setUp();
    await playing(bench);
    bench.session.setAudience(ANN);
    expect(bench.voice.link.paused).toBe(0);
    bench.session.setAudience(NOBODY);
    bench.session.setAudience(NOBODY);
    expect(bench.session.state).toMatchObject({ status: "paused", because: "alone" });
    bench.session.setAudience(ANN);
    expect(bench.session.state.status).toBe("playing");
    expect(bench.voice.link).toMatchObject({ paused: 1, resumed: 1 });
    expect(bench.told).toEqual(["started 1", "paused 1", "started 1"]);
  });

  it("is held from its beginning", async () => {
    const bench = setUp();
    await playing(bench, 2);
    bench.session.setAudience(NOBODY);
    bench.session.skip();
    await state(bench, { status: "paused", because: "alone", item: { id: "2" } });
    bench.session.setAudience(ANN);
    expect(bench.session.state.status).toBe("playing");
  });

  it("stays held when a person held it, before or after", async () => {
    const bench = setUp();
    await playing(bench);
    bench.session.pause();
    bench.session.setAudience(NOBODY);
    bench.session.setAudience(ANN);
    expect(bench.session.state).toMatchObject({ status: "paused", because: "asked" });
    bench.session.resume(LOUNGE);
    bench.session.setAudience(NOBODY);
    expect(bench.session.pause()).toBe(true);
    expect(bench.session.pause()).toBe(false);
    bench.session.setAudience(ANN);
    expect(bench.session.state).toMatchObject({ status: "paused", because: "asked" });
    expect(bench.voice.link).toMatchObject({ paused: 2, resumed: 1 });
  });

  it("plays on where the guild wants that, also from when it does", async () => {
    const bench = setUp();
    await playing(bench);
    bench.options = { ...bench.options, pauseAlone: false };
    bench.session.setAudience(NOBODY);
    expect(bench.session.state.status).toBe("playing");
    bench.options = { ...bench.options, pauseAlone: true };
    bench.session.onOptions();
    expect(bench.session.state.status).toBe("paused");
    bench.options = { ...bench.options, pauseAlone: false };
    bench.session.onOptions();
    expect(bench.session.state.status).toBe("playing");
  });
});

describe("a channel without listeners", () => {
  it("is left in time, and the song goes on where it was", async () => {
    const bench = setUp();
    await playing(bench, 2);
    bench.options = { ...bench.options, leaveAloneMinutes: SOON };
    bench.session.setAudience(NOBODY);
    await vi.waitFor(() => expect(bench.voice.link.left).toBe(1));
    await state(bench, { status: "idle" });
    expect(waiting(bench)).toEqual([
      { id: "1", resumeMs: 60 },
      { id: "2", resumeMs: undefined },
    ]);
    expect(bench.told.at(-1)).toBe("ended 1 kept");
    expect(bench.session.history).toEqual([]);
    expect(bench.session.resume(ATTIC)).toBe(true);
    await state(bench, { status: "playing", item: { id: "1" } });
    expect(bench.voice.joins).toEqual([LOUNGE, ATTIC]);
  });

  it("is not left when somebody comes in time", async () => {
    const bench = setUp();
    await playing(bench);
    bench.options = { ...bench.options, leaveAloneMinutes: SOON };
    bench.session.setAudience(NOBODY);
    bench.session.setAudience(ANN);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(bench.voice.link.left).toBe(0);
  });

  it("counts from when the last one left, however often that is told", async () => {
    const bench = setUp();
    await playing(bench);
    bench.options = { ...bench.options, leaveAloneMinutes: 1 };
    bench.session.setAudience(NOBODY);
    bench.clock.advance(60_000);
    bench.session.setAudience(NOBODY);
    await vi.waitFor(() => expect(bench.voice.link.left).toBe(1));
  });

  it("is never left by a bot that is to stay", async () => {
    const bench = setUp({ idleLeaveMs: 1 });
    await playing(bench);
    bench.options = { ...bench.options, leaveAloneMinutes: SOON, stay: true };
    bench.session.setAudience(NOBODY);
    bench.session.skip();
    await state(bench, { status: "idle" });
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(bench.voice.link.left).toBe(0);
    bench.options = { ...bench.options, stay: false };
    bench.session.onOptions();
    await vi.waitFor(() => expect(bench.voice.link.left).toBe(1));
  });

  it("is left although the song is still being fetched", async () => {
    const bench = setUp();
    await playing(bench);
    const gate = new Gate();
    bench.provide = async ({ item }, signal) => {
      await gate.pass(signal);
      return bench.audio(item);
    };
    bench.session.enqueue([song(2)], LOUNGE, { at: "now" });
    await gate.reached;
    bench.options = { ...bench.options, leaveAloneMinutes: SOON };
    bench.session.setAudience(NOBODY);
    await vi.waitFor(() => expect(bench.voice.link.left).toBe(1));
    await state(bench, { status: "idle" });
    expect(waiting(bench)).toEqual([{ id: "2", resumeMs: 0 }]);
  });
});

describe("a song that is asked for while another one is being broken off", () => {
  it("is played after that, where it was asked for", async () => {
    const bench = setUp();
    const gate = new Gate();
    bench.provide = async ({ item }) => {
      await gate.pass();
      return bench.audio(item);
    };
    bench.voice.autoplay = false;
    bench.session.enqueue([song(1)], LOUNGE);
    await gate.reached;
    bench.options = { ...bench.options, leaveAloneMinutes: SOON };
    bench.session.setAudience(NOBODY);
    await vi.waitFor(() => expect(waiting(bench)).toEqual([{ id: "1", resumeMs: 0 }]));
    expect(bench.session.channel).toBeUndefined();
    bench.session.enqueue([song(2)], ATTIC);
    gate.open();
    await state(bench, { status: "playing", item: { id: "1" } });
    expect(bench.session.channel).toEqual(ATTIC);
    bench.voice.link.finish();
    await state(bench, { status: "playing", item: { id: "2" } });
    expect(bench.told).toEqual(["ended 1 kept", "started 1", "ended 1 finished", "started 2"]);
  });
});

describe("a sleep timer", () => {
  it("ends playing with the song, and keeps the rest", async () => {
    const bench = setUp();
    bench.cached.add("2");
    await playing(bench, 2);
    bench.session.sleep = { after: "song" };
    bench.voice.link.finish();
    await vi.waitFor(() => expect(bench.voice.link.left).toBe(1));
    await state(bench, { status: "idle" });
    expect(waiting(bench)).toEqual([{ id: "2", resumeMs: undefined }]);
    expect(bench.counted).toEqual(["1"]);
    expect(bench.session.sleep).toBeUndefined();
    await vi.waitFor(() => expect(bench.closed.toSorted()).toEqual(["1", "2"]));
  });

  it("ends playing at its time, in the middle of a song", async () => {
    const bench = setUp();
    await playing(bench, 2);
    bench.session.sleep = { atMs: bench.clock.nowMs() + 10 };
    await vi.waitFor(() => expect(bench.voice.link.left).toBe(1));
    await state(bench, { status: "idle" });
    expect(waiting(bench)[0]).toEqual({ id: "1", resumeMs: 60 });
  });

  it("leaves a bot where it is that is to stay", async () => {
    const bench = setUp();
    await playing(bench, 2);
    bench.options = { ...bench.options, stay: true };
    bench.session.sleep = { atMs: bench.clock.nowMs() };
    await state(bench, { status: "idle" });
    expect(bench.voice.link.left).toBe(0);
    expect(bench.session.resume(LOUNGE)).toBe(true);
    await state(bench, { status: "playing", item: { id: "1" } });
  });

  it("is forgotten when somebody changes their mind, and with a stop", async () => {
    const bench = setUp();
    await playing(bench, 2);
    bench.session.sleep = { after: "song" };
    bench.session.sleep = undefined;
    bench.voice.link.finish();
    await state(bench, { status: "playing", item: { id: "2" } });
    bench.session.sleep = { atMs: bench.clock.nowMs() + 10 };
    await bench.session.stop();
    expect(bench.session.sleep).toBeUndefined();
  });
});
