import { expect, it } from "vitest";
import { parsePosition } from "../../src/core/song-position.ts";

it.each([
  ["0", 0],
  ["90", 90_000],
  ["90s", 90_000],
  ["1:23", 83_000],
  ["0:05", 5_000],
  ["100:00", 6_000_000],
  ["1:02:03", 3_723_000],
  ["1m30s", 90_000],
  ["2m", 120_000],
  ["1h2m3s", 3_723_000],
  ["1h", 3_600_000],
])("%s is a position", (text, positionMs) => {
  expect(parsePosition(text)).toBe(positionMs);
});

it.each(["", "1:2", "1:60", ":30", "1:", "half", "-5", "1.5", "m", "1 30", "1s2m", "1234567"])(
  "%j is none",
  (text) => {
    expect(parsePosition(text)).toBeUndefined();
  },
);
