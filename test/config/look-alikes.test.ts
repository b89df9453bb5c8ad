import { expect, test } from "vitest";
import { lookAlikeWarnings } from "../../src/config/look-alikes.ts";

const known = ["CACHE_LIMIT", "OWNER_IDS", "LOG_LEVEL"];

test.each([
  ["CACHE_LIMTI", "CACHE_LIMIT"],
  ["CACHE_LIMITS", "CACHE_LIMIT"],
  ["OWNER_ID", "OWNER_IDS"],
  ["log_level", "LOG_LEVEL"],
])("asks whether %s was meant to be %s", (name, meant) => {
  expect(lookAlikeWarnings([name], known, [])).toEqual([`${name} is not a setting: did you mean ${meant}?`]);
});

test("says nothing about right, reserved and unrelated names", () => {
  const names = ["CACHE_LIMIT", "PATH", "XDG_CACHE_HOME", "npm_config_cache", "LOG_LEVELS", "LOGNAME"];
  expect(lookAlikeWarnings(names, known, ["LOG_LEVELS"])).toEqual([]);
});
