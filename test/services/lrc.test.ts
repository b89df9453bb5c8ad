import { describe, expect, it, test } from "vitest";
import { parseLrc } from "../../src/services/lrc.ts";

describe("lines with times", () => {
  it("are read with minutes, seconds and any fraction", () => {
    expect(parseLrc("[00:01.5]a\n[00:02.25] b\r\n[01:03:004]c\r[12:34]d\n[0:5.1]e")).toEqual([
      { atMs: 1_500, text: "a" },
      { atMs: 2_250, text: "b" },
      { atMs: 5_100, text: "e" },
      { atMs: 63_004, text: "c" },
      { atMs: 754_000, text: "d" },
    ]);
  });

  it("are sung as often as they have times", () => {
    expect(parseLrc("[00:30.00][00:10.00]refrain\n[00:20.00]verse")).toEqual([
      { atMs: 10_000, text: "refrain" },
      { atMs: 20_000, text: "verse" },
      { atMs: 30_000, text: "refrain" },
    ]);
  });

  it("come sooner by a positive offset, but not before the song", () => {
    expect(parseLrc("[offset:+500]\n[00:00.20]a\n[00:01.00]b").map(({ atMs }) => atMs)).toEqual([0, 500]);
    expect(parseLrc("[00:01.00]b\n[Offset: -500]").map(({ atMs }) => atMs)).toEqual([1_500]);
  });

  it("keep their order at the same time, and lose the times of their words", () => {
    expect(parseLrc("[00:01.00]first\n[00:01.00]<00:01.00>se<00:01.20>cond  line ")).toEqual([
      { atMs: 1_000, text: "first" },
      { atMs: 1_000, text: "second line" },
    ]);
  });

  it("may be without text: nothing is sung then", () => {
    expect(parseLrc("[00:01.00]\n[00:02.00]  ")).toEqual([
      { atMs: 1_000, text: "" },
      { atMs: 2_000, text: "" },
    ]);
  });
});

test.each([
  "",
  "only text",
  "[ar:Toto]\n[ti:Africa]\n[length:04:55]",
  "[99999:00]x",
  "[00:60.00]x",
  "[-1:00]x",
  "[00:00.0000]x",
  "\u0000\uFEFF[",
  "[offset:99999999999]",
])("%j has no line with a time", (text) => {
  expect(parseLrc(text)).toEqual([]);
});

describe("hostile text", () => {
  it("is read at once, and cut", () => {
    const stamps = parseLrc("[00:01.00]".repeat(50_000));
    expect(stamps.length).toBe(50);
    expect(parseLrc("[00:01.00]a\n".repeat(50_000)).length).toBe(2_000);
    expect(parseLrc(`[00:01.00]${"x".repeat(1_000_000)}`)[0]?.text.length).toBe(300);
    expect(parseLrc(" ".repeat(200_000)).length).toBe(0);
    expect(parseLrc(`[00:01.00]${"<00:01".repeat(50_000)}`).length).toBe(1);
  });

  it("may be what it likes behind a time", () => {
    expect(parseLrc("[00:01.00]@everyone [x](https://evil.example) \u202E")).toEqual([
      { atMs: 1_000, text: "@everyone [x](https://evil.example) \u202E" },
    ]);
  });
});
