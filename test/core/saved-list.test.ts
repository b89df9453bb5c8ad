import { expect, it } from "vitest";
import { listNameKey, parseListName } from "../../src/core/saved-list.ts";

it.each([
  ["  Road   trip ", "Road trip"],
  ["Кино", "Кино"],
  ["🎉 party", "🎉 party"],
  ["two\nlines", "two lines"],
  ["a\u202Eb\u200Bc\u0000d", "abcd"],
  ["half \uD83D one", "half one"],
  ["x".repeat(50), "x".repeat(50)],
  ["🎉".repeat(25), "🎉".repeat(25)],
])("%j is kept as the name %j", (text, name) => {
  expect(parseListName(text)).toBe(name);
});

it.each(["", "   ", "\u200B\u202E", "\n", "x".repeat(51), "🎉".repeat(26)])("%j is no name", (text) => {
  expect(parseListName(text)).toBeUndefined();
});

it("names that differ in case or in the width of letters are the same", () => {
  const keys = ["Road Trip", "road trip", "ROAD TRIP", "Ｒoad Trip"].map(listNameKey);
  expect(new Set(keys).size).toBe(1);
  expect(listNameKey("Road Trips")).not.toBe(keys[0]);
});
