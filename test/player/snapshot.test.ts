import { describe, expect, it, vi } from "vitest";
import { AppError } from "../../src/core/errors.ts";
import { readSnapshot, type SessionSnapshot } from "../../src/player/snapshot.ts";
import { LOUNGE, type SessionUnderTest, setUp, song } from "./set-up.ts";

/** As it comes back from a store. */
const stored = ({ session }: SessionUnderTest): SessionSnapshot =>
  readSnapshot(JSON.parse(JSON.stringify(session.snapshot())));

async function expectState(bench: SessionUnderTest, expected: object): Promise<void> {
  await vi.waitFor(() => expect(bench.session.state).toMatchObject(expected), { interval: 1 });
}

/** Plays song 2 after song 1; songs 3 and 4 wait. */
async function inTheMiddle(): Promise<SessionUnderTest> {
  const bench = setUp();
  bench.voice.autoplay = false;
  const third = { ...song(3), endMs: 9, roomIds: ["text"], playlistId: "list", note: "note" };
  bench.session.enqueue([song(1), song(2), third, song(4)], LOUNGE);
  await expectState(bench, { status: "playing", item: { id: "1" } });
  bench.session.skip();
  await expectState(bench, { status: "playing", item: { id: "2" } });
  return bench;
}

/** A session that never was anywhere. */
function another(): SessionUnderTest {
  const bench = setUp();
  bench.voice.autoplay = false;
  return bench;
}

describe("a session", () => {
  it("goes on where it was, in the same order, channel and loop", async () => {
    const before = await inTheMiddle();
    before.session.loop = "queue";
    before.session.sleep = { after: "song" };
    const after = another();
    after.session.restore(stored(before));
    await expectState(after, { status: "playing", item: { ...song(2), resumeMs: 60 } });
    expect(after.session.queue.items).toEqual(before.session.queue.items);
    expect(after.session.history).toEqual(before.session.history);
    expect(after.session.loop).toBe("queue");
    expect(after.session.sleep).toEqual({ after: "song" });
    expect(after.voice.joins).toEqual([LOUNGE]);
    expect(after.session.positionMs).toBe(60 + 60);
  });

  it("is held again when a person had held it", async () => {
    const before = await inTheMiddle();
    before.session.pause();
    const after = another();
    after.session.restore(stored(before));
    await expectState(after, { status: "paused", because: "asked", item: { id: "2" } });
    after.session.skip();
    await expectState(after, { status: "playing", item: { id: "3" } });
  });

  it.each<[string, (bench: SessionUnderTest) => unknown, string]>([
    ["was stopped", ({ session }) => session.stop(), "9"],
    ["was taken out", ({ session }) => session.queue.remove(1), "3"],
    ["is to go on", ({ session }) => session.resume(LOUNGE), "2"],
  ])("holds no song when the one it was to hold %s, its channel being full", async (_how, act, next) => {
    const before = await inTheMiddle();
    before.session.pause();
    const after = another();
    after.voice.refusal = new AppError("VOICE_FULL", { channel: "Lounge" });
    after.session.restore(stored(before));
    await vi.waitFor(() => expect(after.told).toEqual(["failed 2 VOICE_FULL"]));
    await expectState(after, { status: "idle" });
    await new Promise((resolve) => setImmediate(resolve));
    after.voice.refusal = undefined;
    await act(after);
    after.session.enqueue([song(9)], LOUNGE);
    await expectState(after, { status: "playing", item: { id: next } });
  });

  it("plays on when only nobody listened", async () => {
    const before = await inTheMiddle();
    before.session.setAudience(new Set());
    const after = another();
    after.session.restore(stored(before));
    await expectState(after, { status: "playing", item: { id: "2" } });
  });

  it("keeps a queue that was kept, without joining anything", async () => {
    const before = await inTheMiddle();
    before.voice.link.lose();
    await expectState(before, { status: "idle" });
    const after = another();
    after.session.restore(stored(before));
    expect(after.session.queue.items).toEqual(before.session.queue.items);
    expect(after.voice.joins).toEqual([]);
    after.session.resume(LOUNGE);
    await expectState(after, { status: "playing", item: { id: "2", resumeMs: 60 } });
  });

  it("plays a live stream from now on", async () => {
    const before = another();
    const stream = { ...song(5), track: { ...song(5).track, isLive: true, durationMs: null } };
    before.session.enqueue([stream], LOUNGE);
    await expectState(before, { status: "playing" });
    const after = another();
    after.session.restore(stored(before));
    await expectState(after, { status: "playing", item: stream });
    expect(after.session.positionMs).toBe(60);
  });

  it("comes before what was asked for meanwhile", async () => {
    const before = await inTheMiddle();
    const after = another();
    after.session.enqueue([song(8), song(9)], LOUNGE);
    await expectState(after, { status: "playing", item: { id: "8" } });
    after.session.restore(stored(before));
    expect(after.session.queue.items.map(({ id }) => id)).toEqual(["2", "3", "4", "9"]);
  });
});

describe("a change", () => {
  it("is told when a song begins, ends or is held, and when the order, the loop or the sleep timer is another", async () => {
    const bench = await inTheMiddle();
    const { session } = bench;
    const acts: Record<string, () => unknown> = {
      pause: () => session.pause(),
      resume: () => session.resume(LOUNGE),
      enqueue: () => session.enqueue([song(5)], LOUNGE),
      shuffle: () => session.shuffle(),
      loop: () => (session.loop = "queue"),
      sleep: () => (session.sleep = { after: "song" }),
      skip: () => session.skip(),
      stop: () => session.stop(),
    };
    const untold = new Set(Object.keys(acts));
    for (const [name, act] of Object.entries(acts)) {
      const before = bench.changes;
      await act();
      await new Promise((resolve) => setImmediate(resolve));
      if (bench.changes > before) untold.delete(name);
    }
    expect([...untold]).toEqual([]);
  });
});

function isReadable(data: unknown): boolean {
  try {
    return readSnapshot(data) !== undefined;
  } catch {
    return false;
  }
}

it("refuses what is no snapshot, or one of another version", async () => {
  const snapshot = (await inTheMiddle()).session.snapshot();
  expect(readSnapshot(snapshot)).toEqual(snapshot);
  for (const data of [
    undefined,
    {},
    "text",
    { ...snapshot, version: 2 },
    { ...snapshot, loop: "twice" },
    { ...snapshot, waiting: [{ id: "1" }] },
    { ...snapshot, current: { item: song(1), positionMs: -1 } },
  ])
    expect(isReadable(data)).toBe(false);
});
