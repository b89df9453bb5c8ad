import { expect, test } from "vitest";
import { isStreamList, parseStreamList } from "../../src/sources/stream-lists.ts";

const BASE = new URL("https://radio.example/lists/main.m3u");
const read = (text: string): readonly string[] => parseStreamList(text, BASE).map(({ href }) => href);

test.each([
  [
    "a .pls",
    "[playlist]\r\nNumberOfEntries=2\r\nFile1=http://a.example:8000/live\r\nTitle1=A\r\nLength1=-1\r\nFile2 = https://b.example/x?y=1\r\nVersion=2\r\n",
    ["http://a.example:8000/live", "https://b.example/x?y=1"],
  ],
  [
    "an .m3u with names",
    "#EXTM3U\n#EXTINF:-1,Station\nhttps://a.example/live\n\n  stream2.mp3  \n",
    ["https://a.example/live", "https://radio.example/lists/stream2.mp3"],
  ],
  ["nothing", "", []],
  ["comments", "# one\n#two", []],
  ["what is no address", "http://\nhttps://ok.example/", ["https://ok.example/"]],
  ["a .pls in capitals", "[PLAYLIST]\nFILE1=HTTP://A.example/x", ["http://a.example/x"]],
])("%s is read", (_what, text, addresses) => {
  expect(read(text)).toEqual(addresses);
});

test("no more than a few mirrors are taken", () => {
  expect(read("https://a.example/\n".repeat(10_000))).toHaveLength(8);
});

test.each([
  ["audio/x-mpegurl", "/a", true],
  ["audio/mpegurl; charset=utf-8", "/a", true],
  ["application/vnd.apple.mpegurl", "/a", true],
  ["application/x-mpegURL", "/a", true],
  ["audio/x-scpls", "/a", true],
  ["application/pls+xml", "/a", true],
  ["text/plain", "/a.m3u8", true],
  ["", "/a.pls", true],
  ["application/octet-stream", "/a.M3U", true],
  ["audio/mpeg", "/a.m3u", false],
  ["audio/mpeg", "/a.mp3", false],
  ["text/html", "/a.pls", false],
  ["", "/a", false],
])("%s at %s: %s", (type, path, isList) => {
  expect(isStreamList(type, path)).toBe(isList);
});
