import { expect, it, vi } from "vitest";
import { AppError } from "../../src/core/errors.ts";
import type { Track } from "../../src/core/track.ts";
import { youtubeId, youtubeTrack } from "../fakes/tracks.ts";
import { Gate } from "../fakes/gate.ts";
import { LOUNGE, type SessionUnderTest, setUp, song } from "./set-up.ts";

/** A session that goes on by itself with songs 101, 102 …; those of the list stand by. */
function goingOn(): SessionUnderTest {
  const bench = setUp();
  let last = 100;
  bench.options = { ...bench.options, autoplay: true };
  bench.suggestNext = vi.fn<() => Promise<Track | undefined>>(async () =>
    youtubeTrack(youtubeId((last += 1))),
  );
  bench.voice.autoplay = false;
  return bench;
}

/** It is asked what goes on with, and answers that song when the gate opens. */
function choosingSlowly(bench: SessionUnderTest, number: number): Gate {
  const gate = new Gate();
  bench.suggestNext = async () => {
    await gate.pass();
    return youtubeTrack(youtubeId(number));
  };
  return gate;
}

async function started(bench: SessionUnderTest, id: string): Promise<void> {
  await vi.waitFor(() => expect(bench.session.state).toMatchObject({ status: "playing", item: { id } }), {
    interval: 1,
  });
}

const waiting = ({ session }: SessionUnderTest): string[] => session.queue.items.map(({ id }) => id);

it("chooses a song while the last one plays, so that it stands by", async () => {
  const bench = goingOn();
  bench.cached.add("new 1");
  bench.session.enqueue([song(1)], LOUNGE);
  await started(bench, "1");
  await vi.waitFor(() => expect(bench.opened).toEqual(["1", "new 1"]));
  expect(bench.session.queue.items[0]).toMatchObject({
    track: youtubeTrack(youtubeId(101)),
    origin: "autoplay",
    requestedBy: { id: "" },
    textChannelId: "text",
  });
  bench.voice.link.finish();
  await started(bench, "new 1");
  await vi.waitFor(() => expect(waiting(bench)).toEqual(["new 2"]));
});

it("waits while something waits or is repeated, and where the guild does not want it", async () => {
  const bench = goingOn();
  bench.session.enqueue([song(1), song(2)], LOUNGE);
  await started(bench, "1");
  bench.session.loop = "track";
  bench.session.queue.clear();
  bench.options = { ...bench.options, autoplay: false };
  bench.session.loop = "off";
  expect(bench.suggestNext).not.toHaveBeenCalled();
  bench.options = { ...bench.options, autoplay: true };
  bench.session.onOptions();
  await vi.waitFor(() => expect(waiting(bench)).toEqual(["new 1"]));
});

it("gives way to what people ask for meanwhile", async () => {
  const bench = goingOn();
  const gate = choosingSlowly(bench, 101);
  bench.session.enqueue([song(1)], LOUNGE);
  await gate.reached;
  bench.session.enqueue([song(2)], LOUNGE);
  gate.open();
  await started(bench, "1");
  bench.session.skip();
  await started(bench, "2");
  await vi.waitFor(() => expect(waiting(bench)).toEqual(["new 1"]));
});

it("goes on although the choice comes after the end", async () => {
  const bench = goingOn();
  const gate = choosingSlowly(bench, 101);
  bench.session.enqueue([song(1)], LOUNGE);
  await started(bench, "1");
  bench.session.skip();
  await vi.waitFor(() => expect(bench.session.state.status).toBe("idle"));
  gate.open();
  await started(bench, "new 1");
});

it("does not begin anew after a stop", async () => {
  const bench = goingOn();
  const gate = choosingSlowly(bench, 101);
  bench.session.enqueue([song(1)], LOUNGE);
  await gate.reached;
  await bench.session.stop();
  gate.open();
  await new Promise((resolve) => setImmediate(resolve));
  expect(waiting(bench)).toEqual([]);
  expect(bench.session.state.status).toBe("idle");
});

it("is not asked for anything by a stop that drops what waited", async () => {
  const bench = goingOn();
  bench.session.enqueue([song(1), song(2)], LOUNGE);
  await started(bench, "1");
  await bench.session.stop();
  await new Promise((resolve) => setImmediate(resolve));
  expect(bench.suggestNext).not.toHaveBeenCalled();
  expect(bench.session.state.status).toBe("idle");
  expect(waiting(bench)).toEqual([]);
  expect(bench.session.history).toMatchObject([{ item: { id: "1" }, ending: "interrupted" }]);
});

it("chooses for what plays now, not for what was stopped while it was being chosen", async () => {
  const bench = goingOn();
  const suggest = bench.suggestNext;
  const gate = choosingSlowly(bench, 999);
  bench.session.enqueue([song(1)], LOUNGE);
  await gate.reached;
  await bench.session.stop();
  bench.session.enqueue([song(2)], LOUNGE);
  await started(bench, "2");
  bench.suggestNext = suggest;
  gate.open();
  await vi.waitFor(() => expect(bench.session.queue.length).toBe(1));
  expect(bench.session.queue.items[0]?.track).toEqual(youtubeTrack(youtubeId(101)));
});

it("asks once about a song that nothing goes with, or that cannot be asked about", async () => {
  const bench = goingOn();
  const suggest = vi
    .fn<() => Promise<Track | undefined>>()
    .mockRejectedValueOnce(new AppError("SOURCE_UNREACHABLE"))
    .mockResolvedValue(undefined);
  bench.suggestNext = suggest;
  bench.session.enqueue([song(1)], LOUNGE);
  await started(bench, "1");
  bench.session.onOptions();
  expect(suggest).toHaveBeenCalledTimes(1);
  expect(bench.log.named("player.autoplay_failed")).toHaveLength(1);
  bench.session.enqueue([song(2)], LOUNGE, { at: "now" });
  await started(bench, "2");
  await vi.waitFor(() => expect(suggest).toHaveBeenCalledTimes(2));
});

it("gives up when some songs in a row cannot be played", async () => {
  const bench = goingOn();
  bench.provide = async ({ item }) => {
    if (item.origin) throw new AppError("SOURCE_UNREACHABLE");
    return bench.audio(item);
  };
  bench.session.enqueue([song(1)], LOUNGE);
  await started(bench, "1");
  bench.session.skip();
  await vi.waitFor(() => expect(bench.told.at(-1)).toBe("failed new 4 SOURCE_UNREACHABLE"));
  await new Promise((resolve) => setImmediate(resolve));
  expect(bench.session.state.status).toBe("idle");
  // The fourth one was there already when the third one failed.
  expect(bench.suggestNext).toHaveBeenCalledTimes(4);
  bench.provide = async ({ item }) => bench.audio(item);
  bench.session.enqueue([song(2)], LOUNGE);
  await started(bench, "2");
  bench.session.onOptions();
  await vi.waitFor(() => expect(bench.suggestNext).toHaveBeenCalledTimes(5));
});
