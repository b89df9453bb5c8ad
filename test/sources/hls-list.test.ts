import { expect, test } from "vitest";
import { parseHls } from "../../src/sources/hls-list.ts";

const BASE = new URL("https://live.example/a/index.m3u8");
const lines = (...all: string[]): string => ["#EXTM3U", "#EXT-X-VERSION:3", ...all, ""].join("\n");

test("pieces are numbered through the whole stream, at addresses of their own", () => {
  const text = lines(
    "#EXT-X-TARGETDURATION:4",
    "#EXT-X-MEDIA-SEQUENCE:71",
    '#EXT-X-MAP:URI="init.mp4"',
    "#EXTINF:4.0,",
    "71.m4s?token=x",
    "#EXT-X-DISCONTINUITY",
    "#EXTINF:3.9,Title",
    "https://cdn.example/72.m4s",
  );
  expect(parseHls(text, BASE)).toEqual({
    kind: "pieces",
    targetMs: 4_000,
    isOver: false,
    segments: [
      {
        number: 71,
        url: new URL("https://live.example/a/71.m4s?token=x"),
        init: new URL("https://live.example/a/init.mp4"),
      },
      {
        number: 72,
        url: new URL("https://cdn.example/72.m4s"),
        init: new URL("https://live.example/a/init.mp4"),
      },
    ],
  });
});

test("a list with an end is over", () => {
  expect(parseHls(lines("#EXTINF:4,", "1.ts", "#EXT-X-ENDLIST"), BASE)).toMatchObject({
    isOver: true,
    targetMs: 6_000,
  });
});

const PICTURES = [
  '#EXT-X-STREAM-INF:BANDWIDTH=290000,RESOLUTION=256x144,CODECS="mp4a.40.5,avc1.42c00b"',
  "144.m3u8",
  '#EXT-X-STREAM-INF:AVERAGE-BANDWIDTH=1,BANDWIDTH=1209000,RESOLUTION=640x360,CODECS="mp4a.40.2,avc1.4d401e"',
  "360.m3u8",
  '#EXT-X-STREAM-INF:BANDWIDTH=4500000,RESOLUTION=1920x1080,CODECS="mp4a.40.2,avc1.640028"',
  "1080.m3u8",
];

test.each([
  [
    "sound alone before any picture",
    [
      ...PICTURES,
      '#EXT-X-STREAM-INF:BANDWIDTH=64000,CODECS="mp4a.40.5"',
      "low.m3u8",
      '#EXT-X-STREAM-INF:BANDWIDTH=128000,CODECS="mp4a.40.2"',
      "sound.m3u8",
    ],
    "sound.m3u8",
  ],
  [
    "a group of sound",
    [...PICTURES, '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="en",DEFAULT=YES,URI="group.m3u8"'],
    "group.m3u8",
  ],
  ["the smallest picture with good sound", PICTURES, "360.m3u8"],
  ["what there is", PICTURES.slice(0, 2), "144.m3u8"],
  ["one without any facts", ["#EXT-X-STREAM-INF:PROGRAM-ID=1", "only.m3u8"], "only.m3u8"],
])("of several qualities it takes %s", (_what, text, best) => {
  expect(parseHls(lines(...text), BASE)).toEqual({ kind: "choice", best: new URL(best, BASE) });
});

test.each([
  ["an encrypted stream", lines('#EXT-X-KEY:METHOD=AES-128,URI="k"', "#EXTINF:4,", "1.ts"), "DRM_PROTECTED"],
  ["pieces of one file", lines("#EXTINF:4,", "#EXT-X-BYTERANGE:100@0", "all.ts"), "NOT_AUDIO"],
  ["no pieces at all", lines("#EXT-X-TARGETDURATION:4"), "NOT_AUDIO"],
  ["something else", "<html>", "NOT_AUDIO"],
])("%s is refused", (_what, text, code) => {
  expect(() => parseHls(text, BASE)).toThrow(expect.objectContaining({ code }));
});

test("a key that says there is none is none", () => {
  expect(parseHls(lines("#EXT-X-KEY:METHOD=NONE", "#EXTINF:4,", "1.ts"), BASE)).toMatchObject({
    kind: "pieces",
  });
});

test("of a broadcast of hours only the newest pieces are looked at", () => {
  const text = lines(
    "#EXT-X-MEDIA-SEQUENCE:70",
    ...Array.from({ length: 4_000 }, (_, index) => `#EXTINF:1,\n${index}.ts`),
  );
  const list = parseHls(text, BASE);
  const segments = list.kind === "pieces" ? list.segments : [];
  expect(segments.length).toBe(200);
  expect(segments.at(-1)).toEqual({ number: 4_069, url: new URL("3999.ts", BASE), init: null });
});

test.each([
  ["a line without an end", `#EXT-X-MEDIA:${"TYPE=AUDIO".repeat(1_000)}\n1.ts`],
  ["lines without an end", "\n".repeat(10_000)],
  ["pieces without an end", "#EXTINF:1,\nx.ts\n".repeat(5_000)],
])("%s is no list, and is not looked at", (_what, text) => {
  expect(() => parseHls(lines("#EXT-X-TARGETDURATION:4", text, "#EXTINF:4,", "1.ts"), BASE)).toThrow(
    expect.objectContaining({ code: "NOT_AUDIO" }),
  );
});

test("a group of sound whose remarks look like many groups is read like any other", () => {
  const group = `#EXT-X-MEDIA:${"TYPE=AUDIO,".repeat(700)}NAME="x"`;
  expect(parseHls(lines(group, "#EXTINF:4,", "1.ts"), BASE)).toMatchObject({ kind: "pieces" });
});
