import { beforeEach, expect, test } from "vitest";
import { AppError } from "../../src/core/errors.ts";
import { Suggestions } from "../../src/sources/suggestions.ts";

const never = new AbortController().signal;

let nowMs: number;
let asked: string[];
let answer: (query: string) => string;
let suggestions: Suggestions;

beforeEach(() => {
  nowMs = 1_000;
  asked = [];
  answer = (query) => JSON.stringify([query, [`${query} live`, `${query} lyrics`], [], { x: 1 }]);
  suggestions = new Suggestions({
    service: {
      read: async (path) => {
        const url = new URL(path, "http://local");
        const query = url.searchParams.get("q") ?? "";
        asked.push(query);
        return { status: 200, url, text: answer(query) };
      },
    },
    clock: { nowMs: () => 0, monotonicMs: () => nowMs },
  });
});

const find = (typed: string): Promise<readonly string[]> => suggestions.find(typed, never);

test("what was typed is asked once, in whatever form, and remembered for an hour", async () => {
  expect(await find("Daft Punk")).toEqual(["daft punk live", "daft punk lyrics"]);
  await Promise.all([find("  daft   PUNK"), find("daft punk")]);
  nowMs += 59 * 60_000;
  await find("daft punk");
  expect(asked).toEqual(["daft punk"]);
  nowMs += 2 * 60_000;
  await find("daft punk");
  expect(asked).toHaveLength(2);
});

test("it is asked no more often than four times a second; what fewer letters found helps meanwhile", async () => {
  await find("daft");
  expect(await find("daft l")).toEqual(["daft live", "daft lyrics"]);
  expect(await find("daft liv")).toEqual(["daft live"]);
  expect(await find("something else")).toEqual([]);
  expect(asked).toEqual(["daft"]);
  nowMs += 250;
  await find("something else");
  expect(asked).toEqual(["daft", "something else"]);
});

test.each(["", "ab", "https://youtu.be/dQw4w9WgXcQ", "spotify:track:x"])(
  "%j is not asked for",
  async (typed) => {
    expect(await find(typed)).toEqual([]);
    expect(asked).toEqual([]);
  },
);

test.each(["", "<html>", "{}", "[]", '["x"]', '["x",[1,2]]'])(
  "an answer like %j suggests nothing",
  async (text) => {
    answer = () => text;
    expect(await find("daft punk")).toEqual([]);
  },
);

test("suggestions that try to look like something else are cleaned", async () => {
  answer = () => JSON.stringify(["x", ["a\u202Eb\n@everyone", "\u200B"]]);
  expect(await find("daft punk")).toEqual(["a b @everyone"]);
});

test("whoever stops waiting leaves the answer to the next one", async () => {
  await expect(suggestions.find("daft punk", AbortSignal.abort())).rejects.toBeInstanceOf(AppError);
  const stop = new AbortController();
  const first = suggestions.find("daft punk", stop.signal);
  stop.abort();
  await expect(first).rejects.toMatchObject({ code: "ABORTED" });
  await expect.poll(() => find("daft punk")).toEqual(["daft punk live", "daft punk lyrics"]);
  expect(asked).toEqual(["daft punk"]);
});

test("what is remembered is bounded", async () => {
  for (let number = 0; number < 1_100; number += 1) {
    await find(`song ${number} `);
    nowMs += 250;
  }
  await find("song 1099");
  expect(asked).toHaveLength(1_100);
  nowMs += 250;
  await find("song 0");
  expect(asked).toHaveLength(1_101);
});
