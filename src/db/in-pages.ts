import { setImmediate as nextTurn } from "node:timers/promises";

/** Parts of a list, one in each turn of the event loop: nothing that plays may have to wait for a long list. */
export async function* inPages<T>(items: readonly T[], size: number): AsyncGenerator<readonly T[]> {
  for (let at = 0; at < items.length; at += size) {
    if (at > 0) await nextTurn();
    yield items.slice(at, at + size);
  }
}
