import { describe, expect, it, vi } from "vitest";
import { AppError } from "../../src/core/errors.ts";
import { Gate } from "../fakes/gate.ts";
import { LOUNGE, type SessionUnderTest, setUp, song } from "./set-up.ts";

/** Plays song 1 until a test ends it; what else is queued waits. */
async function playing(bench: SessionUnderTest, ...waiting: readonly number[]): Promise<void> {
  bench.voice.autoplay = false;
  bench.session.enqueue([1, ...waiting].map(song), LOUNGE);
  await vi.waitFor(() => expect(bench.session.state.status).toBe("playing"), { interval: 1 });
}

const opened = (bench: SessionUnderTest, ...ids: readonly string[]): Promise<void> =>
  vi.waitFor(() => expect(bench.opened).toEqual(ids), { interval: 1 });

describe("the next song, while another plays", () => {
  it("is opened when it is cached, and not counted before it is heard", async () => {
    const bench = setUp();
    bench.cached.add("2");
    await playing(bench, 2);
    await opened(bench, "1", "2");
    expect(bench.counted).toEqual(["1"]);
    expect(bench.closed).toEqual([]);
    bench.voice.link.finish();
    await vi.waitFor(() => expect(bench.counted).toEqual(["1", "2"]));
    expect(bench.opened).toEqual(["1", "2"]);
  });

  it("begins without a wait for anything", async () => {
    const bench = setUp();
    bench.cached.add("2");
    bench.provide = vi.fn<typeof bench.provide>(bench.provide);
    await playing(bench, 2);
    await opened(bench, "1", "2");
    let isLater = false;
    setImmediate(() => {
      isLater = true;
    });
    bench.voice.link.finish();
    for (let tick = 0; tick < 50; tick += 1) await Promise.resolve();
    expect(bench.told.at(-1)).toBe("started 2");
    expect(isLater).toBe(false);
    expect(bench.provide).toHaveBeenCalledTimes(1);
  });

  it("is closed when the queue is emptied, and never counted", async () => {
    const bench = setUp();
    bench.cached.add("2");
    await playing(bench, 2);
    await opened(bench, "1", "2");
    await bench.session.stop();
    await vi.waitFor(() => expect(bench.closed.toSorted()).toEqual(["1", "2"]));
    expect(bench.counted).toEqual(["1"]);
  });

  it("is closed when the voice connection is lost, though it stays in the queue", async () => {
    const bench = setUp();
    bench.cached.add("2");
    await playing(bench, 2);
    await opened(bench, "1", "2");
    bench.voice.link.lose();
    await vi.waitFor(() => expect(bench.closed.toSorted()).toEqual(["1", "2"]));
    expect(bench.session.queue.length).toBe(2);
  });

  it("gives way when another one comes before it", async () => {
    const bench = setUp();
    for (const id of ["2", "3", "4"]) bench.cached.add(id);
    await playing(bench, 2);
    await opened(bench, "1", "2");
    bench.session.queue.insert([song(3)]);
    await opened(bench, "1", "2", "3");
    bench.session.queue.insert([song(4)]);
    await vi.waitFor(() => expect(bench.closed).toEqual(["2"]));
  });

  it("is opened when it is queued while the other plays already", async () => {
    const bench = setUp();
    bench.cached.add("2");
    await playing(bench);
    bench.session.enqueue([song(2)], LOUNGE);
    await vi.waitFor(() => expect(bench.opened).toEqual(["1", "2"]));
  });

  it("is opened once it has been fetched, and so is the one after it fetched", async () => {
    const bench = setUp();
    const gate = new Gate();
    bench.fetch = async ({ item }, signal) => {
      bench.fetched.push(item.id);
      await gate.pass(signal);
      bench.cached.add(item.id);
      return true;
    };
    await playing(bench, 2, 3, 4);
    expect(bench.fetched).toEqual(["2", "3"]);
    expect(bench.opened).toEqual(["1"]);
    gate.open();
    await opened(bench, "1", "2");
  });

  it("is opened anew when songs are to sound otherwise, and what is being fetched goes on", async () => {
    const bench = setUp();
    const gate = new Gate();
    const signals: AbortSignal[] = [];
    bench.cached.add("2");
    bench.fetch = async ({ item }, signal) => {
      if (item.id === "2") return true;
      signals.push(signal);
      await gate.pass(signal);
      return true;
    };
    await playing(bench, 2, 3);
    await opened(bench, "1", "2");
    await bench.session.renew(new AbortController().signal);
    await vi.waitFor(() => expect(bench.opened).toEqual(["1", "2", "1", "2"]));
    await vi.waitFor(() => expect(bench.closed).toEqual(["2"]));
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
    bench.voice.link.finish();
    await vi.waitFor(() => expect(bench.told.at(-1)).toBe("started 2"));
    expect(bench.opened).toEqual(["1", "2", "1", "2"]);
    gate.open();
  });

  it("is provided like any other when it could not be prepared", async () => {
    const bench = setUp();
    bench.fetch = async () => {
      throw new AppError("VIDEO_REMOVED");
    };
    await playing(bench, 2);
    bench.voice.link.finish();
    await vi.waitFor(() => expect(bench.told.at(-1)).toBe("started 2"));
  });

  it("is still being fetched when its turn comes, and that goes on until it is provided", async () => {
    const bench = setUp();
    const never = new Gate();
    const provided = new Gate();
    let ahead: AbortSignal | undefined;
    bench.fetch = async (_wish, signal) => {
      ahead = signal;
      await never.pass(signal);
      return true;
    };
    await playing(bench, 2);
    bench.provide = async ({ item }) => {
      await provided.pass();
      return bench.audio(item);
    };
    bench.voice.link.finish();
    await provided.reached;
    expect(ahead?.aborted).toBe(false);
    provided.open();
    await vi.waitFor(() => expect(bench.told.at(-1)).toBe("started 2"));
    bench.voice.link.finish();
    await vi.waitFor(() => expect(ahead?.aborted).toBe(true));
  });

  it("is not fetched any more when it left the queue", async () => {
    const bench = setUp();
    const never = new Gate();
    const signals: AbortSignal[] = [];
    bench.fetch = async (_wish, signal) => {
      signals.push(signal);
      await never.pass(signal);
      return true;
    };
    await playing(bench, 2, 3);
    bench.session.queue.clear();
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
  });

  it("is closed when it was opened too late for anybody", async () => {
    const bench = setUp();
    const gate = new Gate();
    bench.cached.add("2");
    bench.find = async ({ item }) => {
      await gate.pass();
      return bench.audio(item);
    };
    await playing(bench, 2);
    await gate.reached;
    bench.session.queue.clear();
    gate.open();
    await vi.waitFor(() => expect(bench.closed).toEqual(["2"]));
  });
});
