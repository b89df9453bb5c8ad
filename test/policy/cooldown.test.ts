import { beforeEach, describe, expect, it } from "vitest";
import { Cooldowns, type Effort, PACES } from "../../src/policy/cooldown.ts";

let nowMs: number;
let cooldowns: Cooldowns;

beforeEach(() => {
  nowMs = 1_000;
  cooldowns = new Cooldowns(() => nowMs);
});

const take = (effort: Effort, personId = "ann", guildId = "attic") =>
  cooldowns.take(effort, { guildId, personId });
const taken = (times: number, effort: Effort, personId?: string, guildId?: string): number =>
  Array.from({ length: times }, () => take(effort, personId, guildId)).filter(
    ({ status }) => status === "free",
  ).length;

describe("somebody who asks again and again", () => {
  it("is let through a burst, then at a steady pace", () => {
    const { burst, refillMs } = PACES.command.person;
    expect(taken(burst + 10, "command")).toBe(burst);
    nowMs += refillMs - 1;
    expect(take("command")).toEqual({ status: "wait", waitMs: 1, isToldAlready: true });
    nowMs += 1;
    expect(taken(5, "command")).toBe(1);
    nowMs += 1_000 * refillMs;
    expect(taken(1_000, "command")).toBe(burst);
  });

  it("is told once, and once more after having been let through", () => {
    taken(PACES.command.person.burst, "command");
    const wait = { status: "wait", waitMs: PACES.command.person.refillMs };
    expect(take("command")).toEqual({ ...wait, isToldAlready: false });
    expect(take("command")).toEqual({ ...wait, isToldAlready: true });
    nowMs += PACES.command.person.refillMs;
    expect(take("command").status).toBe("free");
    expect(take("command")).toEqual({ ...wait, isToldAlready: false });
  });

  it("keeps nobody else waiting, and has a pace of their own in another guild", () => {
    taken(100, "command");
    expect(take("command", "bob").status).toBe("free");
    expect(take("command", "ann", "cellar").status).toBe("free");
  });
});

describe("what must be fetched", () => {
  it("is counted apart and more strictly", () => {
    expect(taken(100, "miss")).toBe(PACES.miss.person.burst);
    expect(PACES.miss.person.burst).toBeLessThan(PACES.command.person.burst);
    expect(PACES.miss.person.refillMs).toBeGreaterThan(PACES.command.person.refillMs);
    expect(take("command").status).toBe("free");
  });
});

describe("a guild", () => {
  it("has a pace that many people together cannot exceed", () => {
    const people = Array.from({ length: 100 }, (_, number) => `person ${number}`);
    const free = people.map((person) => taken(3, "miss", person)).reduce((sum, count) => sum + count, 0);
    expect(free).toBe(PACES.miss.guild.burst);
    expect(take("miss", "ann", "cellar").status).toBe("free");
  });

  it("costs nobody a token of their own while it is too fast", () => {
    for (let person = 0; person < PACES.miss.guild.burst; person += 1) take("miss", `person ${person}`);
    expect(taken(50, "miss")).toBe(0);
    nowMs += PACES.miss.guild.burst * PACES.miss.guild.refillMs;
    expect(taken(50, "miss")).toBe(PACES.miss.person.burst);
  });
});

it("people without number do not fill the memory, and old ones are met as strangers", () => {
  taken(100, "command");
  for (let guild = 0; guild < 20_000; guild += 1) take("command", "bob", `guild ${guild}`);
  expect(taken(100, "command")).toBe(PACES.command.person.burst);
});
