import { describe, expect, expectTypeOf, it } from "vitest";
import { decode } from "../../src/command/arg-values.ts";
import { choice, flag, integer, text, type Values } from "../../src/command/args.ts";
import { splitLine } from "../../src/command/split-line.ts";

const SEARCH = {
  query: text(() => "What"),
  volume: integer(() => "How loud", { min: 0, max: 100 }),
  quiet: flag(() => "No answer"),
};
const CLEAR = { confirm: integer(() => "How many", { min: 0, max: 999_999_999 }) };
const LOOP = { mode: choice(() => "What again", ["track", "queue", "off"]) };
const CACHE = { public: flag(() => "For everyone") };

const split = (args: Parameters<typeof splitLine>[0], line: string): Record<string, unknown> =>
  Object.fromEntries(splitLine(args, line));

describe("a line after a prefix command", () => {
  it.each([
    ["", {}],
    ["   ", {}],
    ["africa", { query: "africa" }],
    ["  toto   africa ", { query: "toto   africa" }],
    ["africa --quiet", { query: "africa", quiet: true }],
    ["--quiet africa", { query: "africa", quiet: true }],
    ["toto --quiet africa", { query: "toto africa", quiet: true }],
    ["africa --volume 50 --quiet", { query: "africa", volume: "50", quiet: true }],
    ["turn the volume up", { query: "turn the volume up" }],
    ["volume 50", { query: "volume 50" }],
    ["Volume: 4", { query: "Volume: 4" }],
    ["africa volume:50", { query: "africa", volume: "50" }],
    ["africa --volume=50", { query: "africa", volume: "50" }],
    ["africa --volume 50", { query: "africa", volume: "50" }],
    ["--quietly loud", { query: "--quietly loud" }],
    ["a--quiet", { query: "a--quiet" }],
    ["loudvolume 5", { query: "loudvolume 5" }],
    ["<https://youtu.be/dQw4w9WgXcQ?t=5>", { query: "<https://youtu.be/dQw4w9WgXcQ?t=5>" }],
  ])("%j is separated by name", (line, expected) => {
    expect(split(SEARCH, line)).toEqual(expected);
  });

  it.each([
    ["1284", { confirm: "1284" }],
    ["confirm 1284", { confirm: "1284" }],
    ["confirm:1284", { confirm: "1284" }],
    ["--confirm 1284", { confirm: "1284" }],
    ["confirm", { confirm: "confirm" }],
  ])("%j can name its only number or not", (line, expected) => {
    expect(split(CLEAR, line)).toEqual(expected);
  });

  it("gives a flag only to who writes it", () => {
    expect(split(CACHE, "--public")).toEqual({ public: true });
    expect(split(CACHE, "public")).toEqual({});
  });
});

describe("decoding", () => {
  const usage = { template: "?play <query>" };

  it("types the values and fills in what may be missing", () => {
    const values = decode(SEARCH, new Map<string, string | number | boolean>([["query", " africa "]]), usage);
    expect(values).toEqual({ query: "africa", volume: undefined, quiet: false });
    expectTypeOf(values).toEqualTypeOf<{
      readonly query: string;
      readonly volume: number | undefined;
      readonly quiet: boolean;
    }>();
    expectTypeOf<Values<typeof CLEAR>>().toEqualTypeOf<{ readonly confirm: number | undefined }>();
  });

  it("takes numbers from a line and from a slash command alike", () => {
    expect(decode(CLEAR, new Map([["confirm", "1284"]]), usage)).toEqual({ confirm: 1284 });
    expect(decode(CLEAR, new Map([["confirm", 1284]]), usage)).toEqual({ confirm: 1284 });
    expect(decode(CLEAR, new Map([["confirm", 0]]), usage)).toEqual({ confirm: 0 });
  });

  it.each(["", "  "])("asks for a text that is missing: %j", (query) => {
    expect(() => decode(SEARCH, new Map([["query", query]]), usage)).toThrow(
      "query is missing. Usage: ?play <query>",
    );
  });

  it.each(["queue", "QUEUE", "mode queue", "mode:queue"])("takes one of the names from %j", (line) => {
    const values = decode(LOOP, splitLine(LOOP, line), usage);
    expect(values).toEqual({ mode: "queue" });
    expectTypeOf(values).toEqualTypeOf<{ readonly mode: "track" | "queue" | "off" | undefined }>();
  });

  it("refuses what is none of the names", () => {
    expect(() => decode(LOOP, new Map([["mode", "toString"]]), usage)).toThrow(
      "mode must be one of track, queue or off. Usage: ?play <query>",
    );
  });

  it.each(["101", "-1", "1.5", "1e3", "0x10", "ten", "99999999999999999999"])(
    "refuses %j as a number",
    (volume) => {
      const raw = new Map([
        ["query", "x"],
        ["volume", volume],
      ]);
      expect(() => decode(SEARCH, raw, usage)).toThrow(
        "volume must be a whole number from 0 to 100. Usage: ?play <query>",
      );
    },
  );

  it("refuses a text that is too long", () => {
    expect(() => decode(SEARCH, new Map([["query", "x".repeat(2_001)]]), usage)).toThrow(
      "at most 2000 characters",
    );
    expect(decode(SEARCH, new Map([["query", "x".repeat(2_000)]]), usage).query).toHaveLength(2_000);
  });

  it("overlooks what was not asked for", () => {
    const raw = new Map([
      ["query", "x"],
      ["constructor", "y"],
    ]);
    expect(Object.keys(decode(SEARCH, raw, usage))).toEqual(["query", "volume", "quiet"]);
  });
});
