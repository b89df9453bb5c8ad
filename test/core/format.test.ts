import { describe, expect, it } from "vitest";
import { formatBytes, formatCount, formatDuration, plural } from "../../src/core/format.ts";

it.each([
  [0, "0:00"],
  [-500, "0:00"],
  [499, "0:00"],
  [59_499, "0:59"],
  [59_600, "1:00"],
  [295_000, "4:55"],
  [3_599_600, "1:00:00"],
  [3_723_000, "1:02:03"],
  [360_000_000, "100:00:00"],
])("%d ms are %s", (durationMs, text) => {
  expect(formatDuration(durationMs)).toBe(text);
});

it.each([
  [0, "0 B"],
  [1023, "1023 B"],
  [1024, "1 KiB"],
  [1536, "1.5 KiB"],
  [100 * 1024 + 600, "101 KiB"],
  [1024 ** 2 - 1, "1 MiB"],
  [1024 ** 3 - 1, "1 GiB"],
  [7.3 * 1024 ** 3, "7.3 GiB"],
  [5000 * 1024 ** 4, "5000 TiB"],
])("%d bytes are %s", (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

describe("a count", () => {
  it("sets thousands apart", () => {
    expect([0, 999, 1_284, 1_234_567].map(formatCount)).toEqual([
      "0",
      "999",
      "1\u202F284",
      "1\u202F234\u202F567",
    ]);
  });

  it("goes with the right form of the word", () => {
    expect([0, 1, 2].map((count) => plural(count, "track"))).toEqual(["0 tracks", "1 track", "2 tracks"]);
    expect([1, 2].map((count) => plural(count, "miss", "misses"))).toEqual(["1 miss", "2 misses"]);
  });
});
