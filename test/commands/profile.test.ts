import { beforeEach, describe, expect, it, vi } from "vitest";
import { command as profile } from "../../commands/profile.ts";
import { splitLine } from "../../src/command/split-line.ts";
import type { CommandContext } from "../../src/command/context.ts";
import { dispatch } from "../../src/command/dispatch.ts";
import { audioProfiles, type ProfileName } from "../../src/core/audio-profiles.ts";
import { Desk } from "../fakes/command-context.ts";
import { BOB } from "../fakes/people.ts";

const PROFILES = audioProfiles({ loudnessTargetLufs: -14, truePeakCeilingDbtp: -1, bitrateKbps: 128 });
const member = BOB;

let chosen: Map<string, ProfileName>;
let desk: Desk;

beforeEach(() => {
  chosen = new Map();
  desk = new Desk({
    profiles: {
      profileOf: async (guildId) => PROFILES[chosen.get(guildId) ?? "standard"],
      setProfile: async (guildId, name) => {
        if (name) chosen.set(guildId, name);
        else chosen.delete(guildId);
        return { plain: PROFILES[name ?? "standard"], effect: undefined };
      },
      soundOf: async (guildId) => ({ plain: PROFILES[chosen.get(guildId) ?? "standard"], effect: undefined }),
      setEffect: async () => ({ plain: PROFILES.standard, effect: undefined }),
    },
  });
});

const says = (line: string, more: Partial<CommandContext> = {}): Promise<void> =>
  dispatch(
    { log: desk.bench.log, newReference: () => "ref" },
    profile,
    splitLine(profile.args, line),
    desk.context({ surface: "prefix", ...more }),
  );

describe("?profile", () => {
  it("tells everyone how songs sound here", async () => {
    chosen.set("guild", "night");
    await says("", { actor: member });
    expect(desk.text).toContain(
      "Songs sound as **night** here. To choose: standard, quiet, night, raw or default.",
    );
  });

  it.each(["quiet", "QUIET", "name quiet"])(
    "lets an administrator choose by %j, for this server",
    async (line) => {
      const preparedAnew = vi.spyOn(desk.services.sessions.of("guild"), "prepareAnew");
      await says(line, { actor: { ...member, isManager: true } });
      expect(desk.text).toContain("From the next song on, songs sound as **quiet** here.");
      expect([...chosen]).toEqual([["guild", "quiet"]]);
      // The next song may have been opened already.
      expect(preparedAnew).toHaveBeenCalledTimes(1);
    },
  );

  it("goes back to the bot's own", async () => {
    chosen.set("guild", "night");
    await says("default");
    expect(desk.text).toContain("**standard**");
    expect(chosen.size).toBe(0);
  });

  it("lets nobody else choose, and takes no other name", async () => {
    await says("night", { actor: member });
    expect(desk.text).toContain("Only people with Manage Server may do that.");
    await says("loud");
    expect(desk.text).toContain("name must be one of standard, quiet, night, raw or default.");
    expect(chosen.size).toBe(0);
  });
});
