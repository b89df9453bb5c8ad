/** Which songs of a list come, and in which order. */
import type { ListWish } from "../core/list-wish.ts";
import { shuffled } from "../core/shuffle.ts";
import type { Track, TrackRef } from "../core/track.ts";

/** Entries as they are wanted, as soon as that is possible. Leaving the loop ends the work behind it. */
export async function* inOrder(
  entries: AsyncIterable<Track>,
  wish: ListWish & { readonly startAt: TrackRef | null; readonly random: () => number },
): AsyncGenerator<Track, void, undefined> {
  const { limit = Infinity, isShuffled = false, startAt, random } = wish;
  const ordered = isShuffled ? inAnyOrder(entries, startAt, random) : startingAt(entries, startAt);
  let count = 0;
  if (limit < 1) return;
  for await (const entry of ordered) {
    yield entry;
    count += 1;
    if (count >= limit) return;
  }
}

/** The song that was linked goes first in any order. */
async function* inAnyOrder(
  entries: AsyncIterable<Track>,
  start: TrackRef | null,
  random: () => number,
): AsyncGenerator<Track, void, undefined> {
  const all = shuffled(await Array.fromAsync(entries), random);
  const first = all.find(({ id }) => id === start?.id);
  if (first) yield first;
  yield* all.filter((entry) => entry !== first);
}

/** A list from the given recording on; the whole list when it is not in there. */
async function* startingAt(
  entries: AsyncIterable<Track>,
  start: TrackRef | null,
): AsyncGenerator<Track, void, undefined> {
  const skipped: Track[] = [];
  let started = start === null;
  for await (const entry of entries) {
    started ||= entry.id === start?.id;
    if (started) yield entry;
    else skipped.push(entry);
  }
  if (!started) yield* skipped;
}
