import { expect, test } from "vitest";
import {
  isHostName,
  parseBoolean,
  parseDurationMs,
  parseHttpUrl,
  parseList,
  parseNumber,
  parseSizeBytes,
} from "../../src/config/values.ts";

test.each([
  ["8GiB", 8 * 2 ** 30],
  ["512MB", 512e6],
  ["1.5 TiB", 1.5 * 2 ** 40],
  ["100kb", 100_000],
  ["0B", 0],
])("reads the size %s", (text, bytes) => {
  expect(parseSizeBytes(text)).toBe(bytes);
});

test.each(["8", "8G", "-1GiB", "GiB", "1e3MB", "1,5GB", "8GiBs", ""])("refuses the size %j", (text) => {
  expect(parseSizeBytes(text)).toBeUndefined();
});

test.each([
  ["3h", 10_800_000],
  ["90m", 5_400_000],
  ["1h30m", 5_400_000],
  ["2d", 172_800_000],
  ["250ms", 250],
  ["45s", 45_000],
])("reads the duration %s", (text, ms) => {
  expect(parseDurationMs(text)).toBe(ms);
});

test.each(["3", "3 hours", "h", "-1h", "1h30"])("refuses the duration %j", (text) => {
  expect(parseDurationMs(text)).toBeUndefined();
});

test("reads yes and no in the usual words, and nothing else", () => {
  expect(["true", "YES", "on", "1"].map(parseBoolean)).toEqual([true, true, true, true]);
  expect(["false", "No", "off", "0"].map(parseBoolean)).toEqual([false, false, false, false]);
  expect(["maybe", "", "2"].map(parseBoolean)).toEqual([undefined, undefined, undefined]);
});

test("keeps numbers between their limits", () => {
  expect(parseNumber("-14", -30, -8)).toBe(-14);
  expect(parseNumber("-14.5", -30, -8)).toBe(-14.5);
  expect(parseNumber("-7.9", -30, -8)).toBeUndefined();
  expect(parseNumber("NaN", -30, -8)).toBeUndefined();
  expect(parseNumber("0x10", 0, 99)).toBeUndefined();
});

test("reads lists once each and refuses the whole when one item is wrong", () => {
  expect(parseList("a, b a\tc,", () => true)).toEqual(["a", "b", "c"]);
  expect(parseList("a,b", (item) => item === "a")).toBeUndefined();
});

test("accepts http and https addresses only", () => {
  expect(parseHttpUrl("http://127.0.0.1:80/api/")).toBe("http://127.0.0.1:80/api");
  expect(parseHttpUrl("ftp://host/")).toBeUndefined();
  expect(parseHttpUrl("127.0.0.1:80")).toBeUndefined();
});

test.each(["media.lan", "10.0.0.5:8096", "[fd00::1]:80", "[::1]", "::1", "nas"])(
  "takes the host %s",
  (text) => {
    expect(isHostName(text)).toBe(true);
  },
);

test.each(["http://a", "a/b", "a:0", "a:65536", "a:b", "*", "user@host"])("refuses the host %s", (text) => {
  expect(isHostName(text)).toBe(false);
});
