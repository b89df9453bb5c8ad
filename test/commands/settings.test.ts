import { beforeEach, describe, expect, it, vi } from "vitest";
import { command as settings } from "../../commands/settings.ts";
import type { CommandContext } from "../../src/command/context.ts";
import { dispatch } from "../../src/command/dispatch.ts";
import { splitLine } from "../../src/command/split-line.ts";
import { AppError } from "../../src/core/errors.ts";
import { audioProfiles, type GuildProfiles } from "../../src/core/audio-profiles.ts";
import { GUILD_OPTION_NAMES } from "../../src/core/guild-options.ts";
import { slashBody } from "../../src/discord/register.ts";
import { LANGUAGES } from "../../src/texts/texts.ts";
import { Desk } from "../fakes/command-context.ts";
import { BOB } from "../fakes/people.ts";

const ID = "12345678901234567";
const { standard } = audioProfiles({ loudnessTargetLufs: -14, truePeakCeilingDbtp: -1, bitrateKbps: 128 });
const profiles = {
  soundOf: async () => ({ plain: standard, effect: undefined }),
} as unknown as GuildProfiles;
const manager = { actor: { ...BOB, isManager: true } } as const;

let desk: Desk;

beforeEach(() => {
  desk = new Desk({ profiles });
});

const says = (line: string, more: Partial<CommandContext> = manager): Promise<void> =>
  dispatch(
    { log: desk.bench.log, newReference: () => "ref" },
    settings,
    splitLine(settings.args, line),
    desk.context({ surface: "prefix", ...more }),
  );

describe("?settings", () => {
  it.each(Object.entries(LANGUAGES))(
    "shows every option with value, range and default in %s",
    async (_code, texts) => {
      desk = new Desk({ profiles }, texts);
      desk.chosen = { djRole: ID, stay: "on", voteSkipPercent: "60", announceChannel: ID };
      await says("", { actor: BOB });
      const { lines } = desk.last;
      expect(lines).toHaveLength(GUILD_OPTION_NAMES.length + 1);
      expect(desk.text.length).toBeLessThanOrEqual(3_500);
      expect(desk.text).toMatch(/`dj-role` \*\*<@&12345678901234567>\*\* · /u);
      expect(desk.text).toMatch(/`announce-channel` \*\*<#12345678901234567>\*\* · /u);
      expect(desk.text).toMatch(/`stay` \*\*on\*\* · on\|off · \w+ off/u);
      expect(desk.text).toMatch(/`vote-skip-percent` \*\*60\*\* · 1 \w+ 100 · \w+ 50/u);
      expect(desk.text).toMatch(/`play-for` \*\*everyone\*\* · everyone\|dj · \w+ everyone/u);
      expect(desk.text).toMatch(/`prefix` \*\*\?\*\* · 1 \w+ 5 \w+ · \w+ \?/u);
      expect(lines.at(-1)).toMatch(
        /`volume` \*\*100 %\*\* · `profile` \*\*standard\*\* · `filter` \*\*off\*\* · `language` \*\*auto\*\*/u,
      );
    },
  );

  it.each([
    ["stay on", { stay: "on" }, "`stay` is **on** now."],
    ["--stay=on", { stay: "on" }, "`stay` is **on** now."],
    [`dj-role <@&${ID}>`, { djRole: ID }, `\`dj-role\` is **<@&${ID}>** now.`],
    [`announce-channel <#${ID}>`, { announceChannel: ID }, `\`announce-channel\` is **<#${ID}>** now.`],
    ["announce silent", { announce: "silent" }, "`announce` is **silent** now."],
    ["queue-cap 20 person-cap 5", { queueCap: "20", personCap: "5" }, "`queue-cap` is **20** now."],
    ["prefix !", { prefix: "!" }, "`prefix` is **!** now."],
    ["prefix *", { prefix: "*" }, "`prefix` is **\\*** now."],
  ])("%j changes it", async (line, chosen, sentence) => {
    const onOptions = vi.spyOn(desk.context().session, "onOptions");
    await says(line);
    expect(desk.chosen).toEqual(chosen);
    expect(desk.text).toContain(sentence);
    expect(onOptions).toHaveBeenCalledTimes(Object.keys(chosen).length);
  });

  it("goes back to the default", async () => {
    desk.chosen = { stay: "on", prefix: "!" };
    await says("reset stay");
    expect(desk.chosen).toEqual({ prefix: "!" });
    expect(desk.text).toContain("`stay` is **off** now.");
    await says("reset prefix");
    expect(desk.text).toContain("`prefix` is **?** now.");
  });

  it.each([
    ["stay maybe", "stay must be one of on or off."],
    ["vote-skip-percent 0", "vote-skip-percent must be a whole number from 1 to 100."],
    ["prefix 123456", "prefix must be at most 5 characters."],
    ["dj-role nobody", "dj-role must be found in this server, such as @role."],
    ["announce-channel #gone", "announce-channel must be found in this server, such as #channel."],
    ["reset everything", "reset must be one of prefix, dj-role"],
    ["louder please", "There is no louder please to say here. Usage: ?settings [NAME VALUE]"],
    ["on", "There is no on to say here."],
  ])("refuses %j in one sentence and changes nothing", async (line, sentence) => {
    await says(line);
    expect(desk.text).toContain(sentence);
    expect(desk.chosen).toEqual({});
  });

  it("is changed by managers, and what concerns the music by DJs too; all of a line or nothing", async () => {
    const dj = { actor: { ...BOB, roleIds: [ID] }, listenerIds: [] };
    desk.chosen = { djRole: ID };
    await says("stay on", dj);
    expect(desk.text).toContain("Only people with Manage Server may do that.");
    await says("autoplay on", { actor: BOB, listenerIds: ["bob"] });
    expect(desk.text).toContain("Only people with the role");
    await says("autoplay on stay on", dj);
    expect(desk.chosen).toEqual({ djRole: ID });
    await says("autoplay on fair-queue on", dj);
    expect(desk.chosen).toEqual({ djRole: ID, autoplay: "on", fairQueue: "on" });
  });

  it("takes no channel that the bot may not write in", async () => {
    const refuse = (): never => {
      throw new AppError("CHANNEL_NO_PERMISSION", { channel: `<#${ID}>`, missing: "**Send Messages**" });
    };
    desk = new Desk({ profiles, requireWriting: refuse });
    await says(`request-channel ${ID}`);
    expect(desk.text).toContain(`I may not write in <#${ID}>.`);
    expect(desk.chosen).toEqual({});
  });
});

describe("/settings", () => {
  it("offers every option with its own kind of value", () => {
    const options = slashBody(settings).options ?? [];
    expect(options.map(({ name }) => name)).toEqual([...GUILD_OPTION_NAMES.map(typed), "reset"]);
    expect(options).toHaveLength(20);
    expect(options.find(({ name }) => name === "dj-role")).toMatchObject({ type: 8 });
    expect(options.find(({ name }) => name === "queue-cap")).toMatchObject({ type: 4, min_value: 1 });
    expect(options.find(({ name }) => name === "request-channel")).toMatchObject({ channel_types: [0] });
  });
});

function typed(name: string): string {
  return name.replaceAll(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`);
}
