import { expect, it } from "vitest";
import { switchOption } from "../../src/command/option-switch.ts";
import { Desk } from "../fakes/command-context.ts";
import { BOB } from "../fakes/people.ts";

const SAY = { on: "it is on", off: "it is off" };

it("an option is shown to everyone and chosen by DJs", async () => {
  const desk = new Desk();
  desk.chosen = { djRole: "12345678901234567" };
  const bob = desk.context({ actor: BOB, listenerIds: ["ann", "bob"] });
  await switchOption(bob, "autoplay", undefined, SAY);
  expect(desk.text).toContain("it is off");
  await expect(switchOption(bob, "autoplay", "on", SAY)).rejects.toMatchObject({ code: "NOT_ALLOWED" });
  const alone = desk.context({ actor: BOB, listenerIds: ["bob"] });
  await expect(switchOption(alone, "autoplay", "on", SAY)).rejects.toMatchObject({ code: "NOT_ALLOWED" });
  await switchOption(desk.context(), "autoplay", "on", SAY);
  expect(desk.text).toContain("it is on");
  await switchOption(bob, "autoplay", undefined, SAY);
  expect(desk.text).toContain("it is on");
  await switchOption(bob, "sponsorBlock", undefined, SAY);
  expect(desk.text).toContain("it is off");
});
