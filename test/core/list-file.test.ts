import { describe, expect, it, test } from "vitest";
import {
  type ListFile,
  type ListToWrite,
  MOST_LIST_FILE_BYTES,
  readListFile,
  writeListJson,
  writeListM3u,
} from "../../src/core/list-file.ts";

const links = (text: string): string[] | undefined => readListFile(text)?.songs.map(({ link }) => link);

const LIST: ListToWrite = {
  name: "Road trip 🚗",
  songs: [
    {
      url: "https://www.youtube.com/watch?v=aaaaaaaaa01",
      title: "Africa",
      artist: "Toto",
      durationMs: 295_000,
    },
    { url: "https://media.example/a.mp3", title: "A - B, c", artist: "", durationMs: 61_250 },
    {
      url: "https://www.youtube.com/watch?v=aaaaaaaaa02",
      title: "Группа, крови",
      artist: "A - Z",
      durationMs: null,
    },
    {
      url: "https://www.youtube.com/watch?v=aaaaaaaaa03",
      title: '"@everyone" \\ #1',
      artist: "#EXTINF:1,x",
      durationMs: 1,
    },
  ],
};
const AS_READ: ListFile = {
  name: LIST.name,
  songs: LIST.songs.map(({ url, ...facts }) => ({ link: url, ...facts })),
  left: 0,
};

describe("a list that was written", () => {
  it.each([
    ["JSON", writeListJson],
    ["M3U", writeListM3u],
  ])("is read again as it was, from %s", (_kind, write) => {
    expect(readListFile(write(LIST))).toEqual(AS_READ);
  });

  it("leaves out what has no link", () => {
    const [first] = LIST.songs;
    const songs = first ? [{ ...first, url: "" }, first] : [];
    for (const write of [writeListJson, writeListM3u])
      expect(readListFile(write({ name: "a", songs }))?.songs).toEqual(AS_READ.songs.slice(0, 1));
  });

  it("has no line that a title could add to it", () => {
    const songs = [
      {
        url: "https://a.example/b",
        title: "x\n#EXTINF:1,y\nhttps://evil.example/z",
        artist: "\r\nq",
        durationMs: 1,
      },
    ];
    expect(links(writeListM3u({ name: "n\nhttps://evil.example/", songs }))).toEqual(["https://a.example/b"]);
    expect(writeListM3u({ name: "n", songs }).split("\n").length).toBe(6);
  });
});

describe("a list of another program", () => {
  it("is read with any line ends, a mark at its beginning and remarks nobody knows", () => {
    const text =
      '\uFEFF#EXTM3U\r\n#EXTENC: UTF-8\r\n#PLAYLIST: Mine \r\n\r\n#EXTINF:123 tvg-id="x",Some One - Song\r\n#EXTALB:x\r\n https://a.example/1 \r\nhttps://a.example/2\r';
    expect(readListFile(text)).toEqual({
      name: "Mine",
      songs: [
        { link: "https://a.example/1", title: "Some One - Song", artist: "", durationMs: 123_000 },
        { link: "https://a.example/2", title: "", artist: "", durationMs: null },
      ],
      left: 0,
    });
  });

  it("may be links alone, as text or as JSON", () => {
    const two = ["https://a.example/1", "https://a.example/2"];
    expect(links(two.join("\n"))).toEqual(two);
    expect(links(JSON.stringify(two))).toEqual(two);
    expect(links(JSON.stringify({ songs: two.map((url) => ({ url })) }))).toEqual(two);
  });
});

test.each([
  "",
  "   \n\n",
  "#EXTM3U\n#EXTINF:1,x",
  "just words, no links",
  "{",
  "[",
  "{}",
  '{"songs":7}',
  '{"songs":{"length":3}}',
])("%j is no list", (text) => {
  const found = readListFile(text);
  expect(found?.songs ?? []).toEqual([]);
});

describe("a hostile file", () => {
  it("may not be larger than a megabyte", () => {
    const link = "https://a.example/1\n";
    expect(readListFile(link.padEnd(MOST_LIST_FILE_BYTES + 1))).toBeUndefined();
    expect(readListFile(link.padEnd(MOST_LIST_FILE_BYTES))?.songs.length).toBe(1);
  });

  it("gives no more songs than a list holds", () => {
    const many = Array.from({ length: 700 }, (_, number) => `https://a.example/${number}`);
    expect(readListFile(many.join("\n"))).toMatchObject({ left: 200, songs: { length: 500 } });
    expect(readListFile(JSON.stringify(many))).toMatchObject({ left: 200, songs: { length: 500 } });
  });

  it("is read at once, whatever it is made of", () => {
    const size = 900_000;
    for (const text of [
      "[".repeat(size),
      `{"songs":${"[".repeat(size / 2)}${"]".repeat(size / 2)}}`,
      `{"a":`.repeat(size / 5),
      `#EXTINF:1 ${"a".repeat(size)}`,
      "#EXTINF:1,x\n".repeat(size / 12),
      `#EXTINF:${"1".repeat(size)},x\nhttps://a.example`,
      " ".repeat(size),
      "\u0000".repeat(size),
      "\r".repeat(size),
    ])
      expect(readListFile(text)?.songs.length ?? 0).toBeLessThanOrEqual(1);
  });

  it("may not have more entries than anybody reads", () => {
    const many = Array.from({ length: 10_000 }, (_, number) => `a:${number}`);
    for (const write of [(all: string[]) => all.join("\n"), (all: string[]) => JSON.stringify(all)]) {
      expect(readListFile(write(many))).toMatchObject({ left: 9_500, songs: { length: 500 } });
      expect(readListFile(write([...many, "a:b"]))).toBeUndefined();
    }
  });

  it("says nothing about objects that it does not hold itself", () => {
    const text = '{"__proto__":{"songs":["https://evil.example"]},"constructor":1}';
    expect(readListFile(text)).toBeUndefined();
    expect(({} as Readonly<Record<string, unknown>>)["songs"]).toBeUndefined();
    expect(links('{"songs":[{"__proto__":{"link":"https://evil.example"}}]}')).toEqual([]);
  });

  it("has entries of any kind, of which the ones with a link count", () => {
    const odd = [
      null,
      7,
      true,
      [],
      {},
      { link: 7 },
      { link: "" },
      "  ",
      "two words",
      `https://${"x".repeat(2_000)}`,
    ];
    expect(links(JSON.stringify([...odd, "https://a.example/1"]))).toEqual(["https://a.example/1"]);
  });

  it("has facts that are cut, cleaned or dropped", () => {
    const facts = {
      title: `a\u202E\u0000b\n${"x".repeat(9_999)}`,
      artist: `${"y".repeat(299)}🎉`,
      seconds: 1e300,
    };
    const [song] = readListFile(JSON.stringify([{ link: "https://a.example/1", ...facts }]))?.songs ?? [];
    expect(song?.title).toBe(`ab ${"x".repeat(297)}`);
    expect(song?.artist).toBe(`${"y".repeat(299)}\uFFFD`);
    expect(song?.durationMs).toBeNull();
    for (const seconds of [-1, 0, "x", null, {}, "NaN"])
      expect(
        readListFile(JSON.stringify([{ link: "https://a.example", seconds }]))?.songs[0]?.durationMs,
      ).toBeNull();
  });

  it("is no text at all", () => {
    const noise = Buffer.from(
      Uint8Array.from({ length: 4_096 }, (_, index) => (index * 167) % 256),
    ).toString();
    expect(readListFile(noise)?.songs.every(({ link }) => !/\s/u.test(link)) ?? true).toBe(true);
  });
});
