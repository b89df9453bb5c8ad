import { describe, expect, it } from "vitest";
import { type Candidate, pickNext, scoreTogether, songsToRest } from "../../src/policy/autoplay.ts";
import { seededRandom } from "../fakes/random.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const NOW_MS = 1_000 * DAY_MS;

const pair = (
  key: string,
  gapMinutes: number,
  daysAgo = 0,
): Parameters<typeof scoreTogether<string>>[0][number] => ({
  key,
  gapMs: gapMinutes * MINUTE_MS,
  atMs: NOW_MS - daysAgo * DAY_MS,
});

function ranked(...pairs: readonly ReturnType<typeof pair>[]): string[] {
  const scores = [...scoreTogether(pairs, NOW_MS)];
  return scores.toSorted(([, a], [, b]) => b - a).map(([key]) => key);
}

describe("a song fits better", () => {
  it("the nearer it was played", () => {
    expect(ranked(pair("far", 50), pair("near", 4), pair("nearer", 3))).toEqual(["nearer", "near", "far"]);
  });

  it("when it followed than when it came before", () => {
    expect(ranked(pair("before", -4), pair("after", 4))).toEqual(["after", "before"]);
    expect(ranked(pair("before", -4), pair("long after", 30))).toEqual(["before", "long after"]);
  });

  it("the more often it was", () => {
    expect(ranked(pair("once", 4), pair("twice", 6), pair("twice", 6))).toEqual(["twice", "once"]);
  });

  it("the fewer days ago, by half in 90", () => {
    const scores = scoreTogether([pair("new", 4), pair("old", 4, 90), pair("older", 4, 180)], NOW_MS);
    expect((scores.get("old") ?? 0) / (scores.get("new") ?? 1)).toBeCloseTo(1 / 2);
    expect((scores.get("older") ?? 0) / (scores.get("new") ?? 1)).toBeCloseTo(1 / 4);
  });

  it("and not at all when more than an hour was between", () => {
    expect(ranked(pair("too late", 61), pair("too early", -61))).toEqual([]);
  });

  it("and no better when the clock was wrong", () => {
    const [[, score] = ["", 0]] = scoreTogether([pair("to come", 0, -500)], NOW_MS);
    expect(score).toBe(1);
  });
});

const candidate = (key: string, score: number, isCached = true): Candidate<string> => ({
  key,
  score,
  isCached,
});

describe("what comes next", () => {
  it("is a cached song as long as there is one", () => {
    const candidates = [candidate("better", 9, false), candidate("cached", 0.1)];
    expect(pickNext(candidates, 0)).toBe("cached");
    expect(pickNext(candidates.slice(0, 1), 0)).toBe("better");
    expect(pickNext([], 0)).toBeUndefined();
    expect(pickNext([candidate("nothing speaks for it", 0)], 0.5)).toBeUndefined();
  });

  it("is one of the five best, each as often as its score says", () => {
    const candidates = [1, 2, 3, 4, 5, 6, 7].map((score) => candidate(String(score), score));
    const random = seededRandom(7);
    const counts = new Map<string, number>();
    for (let round = 0; round < 5_000; round += 1) {
      const key = pickNext(candidates, random()) ?? "none";
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect([...counts.keys()].toSorted()).toEqual(["3", "4", "5", "6", "7"]);
    for (const score of [3, 4, 5, 6, 7]) {
      const share = (counts.get(String(score)) ?? 0) / 5_000;
      expect(Math.abs(share - score / 25)).toBeLessThan(0.03);
    }
    expect(pickNext(candidates, 0)).toBe("7");
    expect(pickNext(candidates, 1 - Number.EPSILON)).toBe("3");
  });
});

it("a song rests for half of what a guild knows, and for 25 songs at most", () => {
  expect([0, 1, 2, 3, 10, 49, 50, 51, 9_999].map(songsToRest)).toEqual([0, 0, 1, 1, 5, 24, 25, 25, 25]);
});
