import { expect, it, vi } from "vitest";
import type { QueueItem } from "../../src/player/queue.ts";
import { LOUNGE, type SessionUnderTest, setUp, song } from "./set-up.ts";

const songs = (first: number, count: number, person = "ann"): QueueItem[] =>
  Array.from({ length: count }, (_, index) => ({
    ...song(first + index),
    requestedBy: { id: person, name: person },
  }));

/** Plays song 1, with the queue empty, until a test ends it. */
async function playing(bench: SessionUnderTest): Promise<void> {
  bench.voice.autoplay = false;
  bench.session.enqueue([song(1)], LOUNGE);
  await vi.waitFor(() => expect(bench.session.state.status).toBe("playing"), { interval: 1 });
}

it("takes as many songs as may wait, and says so when there is no room for another", async () => {
  const bench = setUp();
  await playing(bench);
  bench.options = { ...bench.options, queueCap: 5 };
  expect(bench.session.enqueue(songs(2, 3), LOUNGE)).toBe(3);
  expect(bench.session.enqueue(songs(5, 9), LOUNGE, { at: "next" })).toBe(2);
  expect(() => bench.session.enqueue(songs(20, 1), LOUNGE, { at: "now" })).toThrow(
    "The queue is full: at most 5 may wait in it.",
  );
  expect(bench.session.queue.items.map(({ id }) => id)).toEqual(["5", "6", "2", "3", "4"]);
  expect(bench.session.state).toMatchObject({ status: "playing", item: { id: "1" } });
});

it("takes no more of one person than the guild wants, and goes on taking others'", async () => {
  const bench = setUp();
  await playing(bench);
  bench.options = { ...bench.options, personCap: 2 };
  expect(bench.session.enqueue(songs(2, 3), LOUNGE)).toBe(2);
  expect(() => bench.session.enqueue(songs(5, 1), LOUNGE)).toThrow(
    "Nobody may have more than 2 waiting here.",
  );
  expect(bench.session.enqueue(songs(6, 1, "bob"), LOUNGE)).toBe(1);
});
