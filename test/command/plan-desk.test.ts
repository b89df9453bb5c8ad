import { beforeEach, describe, expect, it } from "vitest";
import { PlanDesk } from "../../src/command/plan-desk.ts";
import type { Plan } from "../../src/maintenance/plan.ts";
import { PlanDraft } from "../../src/maintenance/plan-draft.ts";

const plan: Plan = { kind: "clear", selection: {}, ...new PlanDraft(0).plan() };
const VALID_MS = 5 * 60 * 1000;
let desk: PlanDesk;

beforeEach(() => {
  desk = new PlanDesk();
});

describe("a plan that waits", () => {
  it("can be looked at often and taken once, by its asker", () => {
    const number = desk.lay(plan, "ann", 0);
    expect(number).toMatch(/^[0-9a-f]{12}$/u);
    expect(desk.look(number, "ann", 1)).toBe(plan);
    expect(desk.take(number, "ann", 2)).toBe(plan);
    expect(() => desk.take(number, "ann", 3)).toThrow(expect.objectContaining({ code: "PLAN_EXPIRED" }));
  });

  it("is nobody else's, and stays the asker's", () => {
    const number = desk.lay(plan, "ann", 0);
    expect(() => desk.take(number, "bob", 1)).toThrow(expect.objectContaining({ code: "NOT_YOUR_BUTTON" }));
    expect(desk.take(number, "ann", 1)).toBe(plan);
  });

  it("expires after five minutes", () => {
    const number = desk.lay(plan, "ann", 0);
    expect(desk.look(number, "ann", VALID_MS - 1)).toBe(plan);
    expect(() => desk.look(number, "ann", VALID_MS)).toThrow(
      expect.objectContaining({ code: "PLAN_EXPIRED" }),
    );
    expect(() => desk.look("made up", "ann", 0)).toThrow(expect.objectContaining({ code: "PLAN_EXPIRED" }));
  });

  it("has a number of its own", () => {
    expect(new Set(Array.from({ length: 100 }, () => desk.lay(plan, "ann", 0))).size).toBe(100);
  });
});
