import { beforeEach, describe, expect, it } from "vitest";
import { command as volume } from "../../commands/volume.ts";
import type { CommandContext } from "../../src/command/context.ts";
import { dispatchPress } from "../../src/command/dispatch.ts";
import { parseButtonId } from "../../src/command/panel.ts";
import { Desk } from "../fakes/command-context.ts";
import { BOB } from "../fakes/people.ts";

let desk: Desk;

beforeEach(() => {
  desk = new Desk();
});

const presses = (
  name: string,
  fields: Readonly<Record<string, string>> = {},
  more: Partial<CommandContext> = {},
): Promise<void> =>
  dispatchPress(
    { log: desk.bench.log, newReference: () => "ref" },
    volume,
    { name, payload: "", input: "", fields },
    desk.context({ surface: name === "ask" ? "button" : "form", ...more }),
  );

describe("the volume button of a song", () => {
  it("asks for a volume, with the one that counts written in", async () => {
    desk.volumePercent = 80;
    await presses("ask");
    expect(desk.forms).toMatchObject([
      { title: "Volume in this server", fields: [{ name: "percent", value: "80", maxLength: 3 }] },
    ]);
    const sent = parseButtonId(desk.forms[0]?.id ?? "");
    await presses(sent?.press ?? "", { percent: "40" });
    expect(desk.volumePercent).toBe(40);
    expect(desk.text).toContain("The volume is **40 %** now.");
  });

  it.each(["201", "loud", "-1"])("takes no %j", async (percent) => {
    await presses("set", { percent });
    expect(desk.volumePercent).toBe(100);
    expect(desk.text).toContain("percent must be a whole number from 0 to 200.");
  });

  it("is for those who have a say, and listen", async () => {
    desk.chosen = { djRole: "12345678901234567" };
    const bob = { actor: BOB, listenerIds: ["ann", "bob"] };
    await presses("ask", {}, bob);
    await presses("set", { percent: "40" }, bob);
    await presses("ask", {}, { voiceChannel: undefined });
    expect(desk.forms).toEqual([]);
    expect(desk.volumePercent).toBe(100);
    expect(desk.answers.map(({ panel }) => panel.lines[0])).toEqual([
      "Only people with the role <@&12345678901234567> may do that.",
      "Only people with the role <@&12345678901234567> may do that.",
      "You are not in a voice channel. Join one, then try again.",
    ]);
  });
});
