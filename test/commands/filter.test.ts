import { beforeEach, describe, expect, it, vi } from "vitest";
import { command as filter } from "../../commands/filter.ts";
import type { CommandContext } from "../../src/command/context.ts";
import { dispatch } from "../../src/command/dispatch.ts";
import { splitLine } from "../../src/command/split-line.ts";
import { audioProfiles, type GuildSound } from "../../src/core/audio-profiles.ts";
import { EFFECT_NAMES } from "../../src/core/effects.ts";
import { LANGUAGES } from "../../src/texts/texts.ts";
import { Desk } from "../fakes/command-context.ts";
import { BOB } from "../fakes/people.ts";

const { standard } = audioProfiles({ loudnessTargetLufs: -14, truePeakCeilingDbtp: -1, bitrateKbps: 128 });

let sound: GuildSound;
let desk: Desk;

beforeEach(() => {
  sound = { plain: standard, effect: undefined };
  desk = new Desk({
    profiles: {
      soundOf: async () => sound,
      profileOf: async () => standard,
      setProfile: async () => sound,
      setEffect: async (_guildId, effect) => (sound = { ...sound, effect }),
    },
  });
});

const says = (line: string, more: Partial<CommandContext> = {}): Promise<void> =>
  dispatch(
    { log: desk.bench.log, newReference: () => "ref" },
    filter,
    splitLine(filter.args, line),
    desk.context({ surface: "prefix", ...more }),
  );

describe("?filter", () => {
  it("tells which one it is, and all that there are", async () => {
    await says("");
    expect(desk.text).toContain(`The filter is **Off**. To choose: ${EFFECT_NAMES.join(", ")} or off.`);
    sound = { ...sound, effect: "8d" };
    await says("");
    expect(desk.text).toContain("The filter is **8D**.");
  });

  it("chooses one for the song that plays and for those to come, and none again", async () => {
    const session = desk.services.sessions.of("guild");
    const [preparedAnew, remade] = [vi.spyOn(session, "prepareAnew"), vi.spyOn(session, "remake")];
    await says("NIGHTCORE");
    expect(sound.effect).toBe("nightcore");
    expect(desk.text).toContain("The filter is **Nightcore** now.");
    expect([preparedAnew, remade].map(({ mock }) => mock.calls.length)).toEqual([1, 1]);
    await says("off");
    expect(sound.effect).toBeUndefined();
    expect(desk.text).toContain("**Off** now");
  });

  it("is chosen only by those who have a say about what all hear", async () => {
    desk.chosen = { djRole: "123456789012345678" };
    await says("karaoke", { actor: BOB, listenerIds: ["ann", "bob"] });
    expect(sound.effect).toBeUndefined();
    await says("", { actor: BOB, listenerIds: ["ann", "bob"] });
    expect(desk.text).toContain("The filter is **Off**.");
    await says("loudest");
    expect(sound.effect).toBeUndefined();
  });
});

it.each(Object.entries(LANGUAGES))("has a label for each in %s", (_code, { sound: { filters } }) => {
  expect(Object.keys(filters)).toEqual([...EFFECT_NAMES, "off"]);
  expect(new Set(Object.values(filters)).size).toBe(EFFECT_NAMES.length + 1);
});
