import { describe, expect, it } from "vitest";
import type { LyricLine } from "../../src/core/lyrics.ts";
import { versesAt, versesOf } from "../../src/policy/verses.ts";
import { seededRandom } from "../fakes/random.ts";

const line = (second: number, text = `at ${second}`): LyricLine => ({ atMs: second * 1_000, text });

describe("verses", () => {
  it("are parted where nothing is sung", () => {
    const lines = [line(10), line(13), line(17, ""), line(30), line(33), line(60)];
    expect(versesOf(lines)).toEqual([
      { fromMs: 10_000, lines: ["at 10", "at 13"] },
      { fromMs: 30_000, lines: ["at 30", "at 33"] },
      { fromMs: 60_000, lines: ["at 60"] },
    ]);
  });

  it("are broken off when they get too long to be shown", () => {
    const verses = versesOf(Array.from({ length: 20 }, (_, index) => line(index * 2)));
    expect(verses.map(({ lines }) => lines.length)).toEqual([8, 8, 4]);
  });

  it("of fast songs are longer instead of following each other too fast", () => {
    const rap = Array.from({ length: 40 }, (_, index) => line(index * 0.5));
    const verses = versesOf(rap);
    expect(verses.map(({ fromMs }) => fromMs)).toEqual([0, 5_000, 10_000, 15_000]);
    expect(verses.flatMap(({ lines }) => lines).length).toBe(40);
  });

  it("are none of no lines, and empty ones of lines without text", () => {
    expect(versesOf([])).toEqual([]);
    expect(versesOf([line(1, ""), line(9, "")])).toEqual([{ fromMs: 1_000, lines: [] }]);
  });

  it("lose no line and are at least five seconds apart, whatever the song", () => {
    const random = seededRandom(3);
    for (let song = 0; song < 200; song += 1) {
      let second = 0;
      const lines = Array.from({ length: 60 }, () =>
        line((second += random() * random() * 20), random() < 0.15 ? "" : "x"),
      );
      const verses = versesOf(lines);
      expect(verses.flatMap((verse) => verse.lines).length).toBe(
        lines.filter(({ text }) => text !== "").length,
      );
      const gaps = verses.slice(1).map(({ fromMs }, index) => fromMs - (verses[index]?.fromMs ?? 0));
      expect(gaps.filter((gap) => gap < 5_000)).toEqual([]);
    }
  });
});

it("a position is in the verse that began last, and before the first in none", () => {
  const verses = versesOf([line(10), line(30), line(60)]);
  const at = (second: number): unknown[] => {
    const { current, next } = versesAt(verses, second * 1_000);
    return [current?.lines[0], next?.lines[0]];
  };
  expect([at(0), at(10), at(29.9), at(30), at(99)]).toEqual([
    [undefined, "at 10"],
    ["at 10", "at 30"],
    ["at 10", "at 30"],
    ["at 30", "at 60"],
    ["at 60", undefined],
  ]);
  expect(versesAt([], 5)).toEqual({ current: undefined, next: undefined });
});
