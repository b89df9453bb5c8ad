import { describe, expect, it } from "vitest";
import {
  DEFAULT_GUILD_OPTIONS,
  GUILD_OPTION_NAMES,
  GUILD_OPTIONS,
  type GuildOptionName,
  guildOptions,
  parseOption,
} from "../../src/core/guild-options.ts";

function asText(value: string | number | boolean | undefined): string {
  return typeof value === "boolean" ? (value ? "on" : "off") : String(value);
}

describe("the options of a guild", () => {
  it("are as the bot does by default where nothing was chosen", () => {
    expect(guildOptions({})).toEqual(DEFAULT_GUILD_OPTIONS);
    expect(DEFAULT_GUILD_OPTIONS).toMatchObject({
      prefix: undefined,
      playFor: "everyone",
      voteSkip: false,
      voteSkipPercent: 50,
      leaveIdleMinutes: 5,
      queueCap: 1000,
    });
  });

  it("are what was chosen, and a text that is no value counts as no choice", () => {
    const chosen = { prefix: "!", playFor: "dj", stay: "on", queueCap: "20", personCap: "many" } as const;
    expect(guildOptions(chosen)).toEqual({
      ...DEFAULT_GUILD_OPTIONS,
      prefix: "!",
      playFor: "dj",
      stay: true,
      queueCap: 20,
    });
  });

  it("have defaults that are values of theirs", () => {
    const chosen = GUILD_OPTION_NAMES.filter((name) => GUILD_OPTIONS[name].default !== undefined);
    expect(chosen.map((name) => parseOption(name, asText(DEFAULT_GUILD_OPTIONS[name])))).toEqual(
      chosen.map((name) => DEFAULT_GUILD_OPTIONS[name]),
    );
    expect(chosen.length).toBeGreaterThan(10);
  });
});

describe("a value", () => {
  it.each<[GuildOptionName, string, unknown]>([
    ["stay", "on", true],
    ["stay", "off", false],
    ["voteSkipPercent", "1", 1],
    ["voteSkipPercent", "100", 100],
    ["announce", "silent", "silent"],
    ["djRole", "12345678901234567", "12345678901234567"],
    ["prefix", "!!", "!!"],
  ])("of %s: %s", (name, text, value) => {
    expect(parseOption(name, text)).toBe(value);
  });

  it.each<[GuildOptionName, string]>([
    ["stay", "yes"],
    ["stay", "toString"],
    ["voteSkipPercent", "0"],
    ["voteSkipPercent", "101"],
    ["voteSkipPercent", "5.5"],
    ["voteSkipPercent", "1e1"],
    ["announce", "loud"],
    ["djRole", "@everyone"],
    ["announceChannel", "<#1>"],
    ["prefix", "too long"],
    ["prefix", "123456"],
    ["prefix", ""],
  ])("of %s is not: %j", (name, text) => {
    expect(parseOption(name, text)).toBeUndefined();
  });
});
