import { describe, expect, it } from "vitest";
import { type PrefetchFacts, refusePrefetch } from "../../src/policy/prefetch.ts";

const HOUR_MS = 3_600_000;
const free: PrefetchFacts = {
  fetchedToday: 0,
  perDay: 3,
  throttledAtMs: undefined,
  unstoredAtMs: undefined,
  isKept: true,
  nowMs: 10 * HOUR_MS,
};

describe("fetching ahead", () => {
  it("is allowed up to the number of a day", () => {
    expect(refusePrefetch({ ...free, fetchedToday: 2 })).toBeUndefined();
    expect(refusePrefetch({ ...free, fetchedToday: 3 })).toBe("daily cap");
    expect(refusePrefetch({ ...free, perDay: 0 })).toBe("daily cap");
  });

  it("waits for an hour after the source refused us", () => {
    expect(refusePrefetch({ ...free, throttledAtMs: 9 * HOUR_MS + 1 })).toBe("throttled");
    expect(refusePrefetch({ ...free, throttledAtMs: 9 * HOUR_MS })).toBeUndefined();
  });

  it("waits for an hour when what was fetched ahead could not be stored", () => {
    expect(refusePrefetch({ ...free, unstoredAtMs: 9 * HOUR_MS + 1 })).toBe("no room");
    expect(refusePrefetch({ ...free, unstoredAtMs: 9 * HOUR_MS })).toBeUndefined();
  });

  it("is of no use for a song that is not stored", () => {
    expect(refusePrefetch({ ...free, isKept: false })).toBe("not kept");
  });
});
