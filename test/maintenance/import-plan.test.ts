import { expect, it } from "vitest";
import { cacheKey } from "../../src/core/track.ts";
import { type Copy, CUT_SHORT, planItems } from "../../src/maintenance/import-plan.ts";

function copy(subject: string, more: Partial<Copy> = {}): Copy {
  return {
    subject,
    bytes: 3_000_000,
    modifiedAtMs: 0,
    key: cacheKey({ source: "youtube", id: "dQw4w9WgXcQ" }),
    title: undefined,
    condition: "original",
    durationMs: 200_000,
    ...more,
  };
}

/** Names of the copies in their order of preference. */
function order(...copies: readonly Copy[]): string[] {
  const [item] = planItems(copies.toReversed()).items;
  return item ? [item.best, ...item.duplicates].map(({ subject }) => subject) : [];
}

it("untouched goes before coded again, that before normalized, whatever their size", () => {
  const copies = [
    copy("a", { bytes: 1_000_000 }),
    copy("b", { condition: "re-encoded", bytes: 5_000_000, durationMs: 200_900 }),
    copy("c", { condition: "normalized", bytes: 9_000_000, durationMs: 201_200 }),
  ];
  expect(order(...copies)).toEqual(["a", "b", "c"]);
});

it("among equals the longer one is taken, then the one with more bits for each second", () => {
  const copies = [
    copy("long", { durationMs: 201_000, bytes: 1_000_000 }),
    copy("rich", { bytes: 4_000_000 }),
    copy("poor", { bytes: 2_000_000 }),
  ];
  expect(order(...copies)).toEqual(["long", "rich", "poor"]);
});

it("a few milliseconds of padding are no longer song", () => {
  expect(order(copy("rich", { bytes: 4_000_000 }), copy("padded", { durationMs: 200_100 }))).toEqual([
    "rich",
    "padded",
  ]);
});

it("a copy that lacks a part is not taken, however untouched it is", () => {
  const half = copy("half", { durationMs: 100_000 });
  const whole = copy("whole", { condition: "normalized" });
  const plan = planItems([half, whole]);
  expect(plan.items).toMatchObject([{ best: { subject: "whole" }, duplicates: [] }]);
  expect(plan.unusable).toMatchObject([{ subject: "half", reason: CUT_SHORT }]);
});

it("full equals are told apart by name, and each recording is one item", () => {
  const other = cacheKey({ source: "youtube", id: "aaaaaaaaaaA" });
  const plan = planItems([copy("b"), copy("z", { key: other }), copy("a")]);
  expect(plan.items.map(({ best }) => best.subject)).toEqual(["z", "a"]);
});
