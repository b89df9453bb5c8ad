import { describe, expect, it } from "vitest";
import type { Command } from "../../src/command/define.ts";
import { commandLine, meantBy } from "../../src/discord/prefix.ts";
import { answered, ME, NO_PEOPLE } from "./message-lab.ts";

const HELP = [{ name: "help" }];

describe("a line", () => {
  it.each([
    ["?play some song", { name: "play", rest: "some song" }],
    ["?PLAY Some Song", { name: "play", rest: "Some Song" }],
    ["?skip", { name: "skip", rest: "" }],
    ["?play  <https://youtu.be/x>\n", { name: "play", rest: "<https://youtu.be/x>\n" }],
    ["<@42> play it", { name: "play", rest: "it" }],
    ["<@!42>play it", { name: "play", rest: "it" }],
    ["<@42>", undefined],
    ["?", undefined],
    ["?   ", undefined],
    ["hello ?play", undefined],
    ["<@43> play it", undefined],
    ["", undefined],
  ])("%j means %j", (content, expected) => {
    expect(commandLine(content, "?", ME)).toEqual(expected);
  });

  it("has another prefix where the operator says so, and none where they are off", () => {
    expect(commandLine("!!play x", "!!", ME)).toEqual({ name: "play", rest: "x" });
    expect(commandLine("?play x", "!!", ME)).toBeUndefined();
    expect(commandLine("?play x", undefined, ME)).toBeUndefined();
    expect(commandLine("<@42> play x", undefined, ME)).toEqual({ name: "play", rest: "x" });
  });
});

it("that names no command is a wish where wishes are read, and nothing elsewhere", () => {
  const commands = [{ name: "play" }, { name: "skip" }] as unknown as readonly Command[];
  const wish = { name: "play", rest: "?unknown song" };
  const meant = (name: string, wished?: typeof wish) => meantBy(commands, { name, rest: "" }, wished);
  expect(meant("unknown", wish)).toMatchObject({ found: { name: "play" }, rest: "?unknown song" });
  expect(meant("skip", wish)).toMatchObject({ found: { name: "skip" }, rest: "" });
  expect(meant("unknown")).toBeUndefined();
});

describe("a message", () => {
  it("of a person is answered", async () => {
    expect(await answered(HELP, {})).toBe(true);
  });

  it.each([...Object.entries(NO_PEOPLE), ["somebody who talks of something else", { content: "?helpless" }]])(
    "of %s is not",
    async (_who, change) => {
      expect(await answered(HELP, change)).toBe(false);
    },
  );

  it("is not answered while the bot goes down", async () => {
    expect(await answered(HELP, {}, AbortSignal.abort())).toBe(false);
  });
});
