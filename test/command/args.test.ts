import { describe, expect, expectTypeOf, it } from "vitest";
import { decode } from "../../src/command/arg-values.ts";
import {
  type AttachedFile,
  choice,
  duration,
  file,
  flag,
  integer,
  named,
  optionalText,
  required,
  text,
  thing,
  type Values,
} from "../../src/command/args.ts";
import { splitLine, withIds } from "../../src/command/split-line.ts";

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

const SETTINGS = {
  role: named(thing("role", () => "Whose")),
  stay: named(choice(() => "Stay", ["on", "off"])),
  cap: named(integer(() => "How many", { min: 0, max: 9 })),
};
const MOVE = {
  from: integer(() => "From", { min: 1, max: 99 }),
  to: integer(() => "To", { min: 1, max: 99 }),
};
const REMOVE = { of: thing("user", () => "Of whom"), what: optionalText(() => "Which") };
const SLEEP = { after: duration(() => "When", 3_600_000), quietly: flag(() => "Quietly") };
const SONG = { file: file(() => "A file"), words: optionalText(() => "Words") };
const LOOP_MODES = { mode: choice(() => "What again", ["track", "queue", "off"]) };
const ID = "12345678901234567";

describe("words without names", () => {
  it.each([
    [MOVE, "3 1", { from: "3", to: "1" }],
    [MOVE, "to 1 3", { to: "1", from: "3" }],
    [MOVE, "3", { from: "3" }],
    [MOVE, "three", { from: "three" }],
    [MOVE, "3 1 now", { from: "3", to: "1 now" }],
    [REMOVE, `<@${ID}>`, { of: `<@${ID}>` }],
    [REMOVE, `<@!${ID}> 2-5`, { of: `<@!${ID}>`, what: "2-5" }],
    [REMOVE, "2 - 5", { what: "2 - 5" }],
    [SLEEP, "1h30m --quietly", { after: "1h30m", quietly: true }],
    [LOOP_MODES, "Queue", { mode: "Queue" }],
    [SETTINGS, "stay on", { stay: "on" }],
    [SETTINGS, "stay on cap 5", { stay: "on", cap: "5" }],
    [SETTINGS, "stay cap cap 5", { stay: "cap", cap: "5" }],
    [SETTINGS, "on", { "": "on" }],
    [SETTINGS, `<@&${ID}>`, { "": `<@&${ID}>` }],
  ])("of %j go to the arguments that they fit", (args, line, expected) => {
    expect(split(args, line)).toEqual(expected);
  });

  it("are joined by the files that hang on the message", () => {
    const song = { name: "a.mp3", url: "https://cdn/a.mp3", bytes: 5, contentType: "audio/mpeg" };
    const raw = splitLine(SONG, "loud", [song, song]);
    expect(Object.fromEntries(raw)).toEqual({ file: song, words: "loud" });
    const values = decode(SONG, raw, { template: "?song" });
    expect(values.file).toBe(song);
    expectTypeOf(values.file).toEqualTypeOf<AttachedFile | undefined>();
    expect(decode(SONG, splitLine(SONG, ""), { template: "?song" }).file).toBeUndefined();
  });

  it("that mean nothing are told so", () => {
    const line = splitLine(SETTINGS, "forever *and* ever");
    expect(() => decode(SETTINGS, line, { template: "?settings" })).toThrow(
      String.raw`There is no forever \*and\* ever to say here. Usage: ?settings`,
    );
  });
});

describe("people, roles and channels", () => {
  const find = (kind: string, name: string): string | undefined =>
    kind === "role" && name === "DJ" ? ID : undefined;
  const value = (line: string): unknown =>
    decode(SETTINGS, withIds(SETTINGS, splitLine(SETTINGS, line), find), { template: "?settings" }).role;

  it.each([`role <@&${ID}>`, `role ${ID}`, "role DJ", "role @DJ", `--role=${ID}`])(
    "are found by %j",
    (line) => {
      expect(value(line)).toBe(ID);
    },
  );

  it.each(["role Nobody", "role <@123456789012345678>", "role <#123456789012345678>", "role 7"])(
    "are not found by %j",
    (line) => {
      expect(() => value(line)).toThrow("role must be found in this server, such as @role.");
    },
  );

  it("on a slash command are IDs already", () => {
    expect(decode(SETTINGS, new Map([["role", ID]]), { template: "" }).role).toBe(ID);
  });
});

describe("a duration", () => {
  it.each([
    ["90", 90_000],
    ["1:30", 90_000],
    ["1m30s", 90_000],
    ["60:00", 3_600_000],
  ])("can be written %j", (line, expected) => {
    expect(decode(SLEEP, splitLine(SLEEP, line), { template: "" }).after).toBe(expected);
  });

  it.each(["soon", "1:00:01", "-5"])("is not %j", (line) => {
    expect(() => decode(SLEEP, splitLine(SLEEP, line), { template: "?sleep" })).toThrow(
      "after must be a time such as 1:30, 90 or 1m30s, at most 1:00:00. Usage: ?sleep",
    );
  });
});

describe("an argument that is required", () => {
  it("is missed, whatever its kind", () => {
    const args = { whom: required(thing("user", () => "Whom")) };
    expectTypeOf<Values<typeof args>>().toEqualTypeOf<{ readonly whom: string }>();
    expect(() => decode(args, new Map(), { template: "?x <whom>" })).toThrow(
      "whom is missing. Usage: ?x <whom>",
    );
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
      "at most 2,000 characters",
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
