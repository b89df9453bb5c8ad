import { expect, it } from "vitest";
import type { Preparation } from "../../src/core/preparation.ts";
import { worthFinishing } from "../../src/policy/abandon.ts";

const downloading = (receivedBytes: number, totalBytes: number | null): Preparation => ({
  status: "downloading",
  receivedBytes,
  totalBytes,
});

it.each<[Preparation, boolean]>([
  [{ status: "starting" }, false],
  [downloading(0, 100), false],
  [downloading(50, 100), false],
  [downloading(51, 100), true],
  [downloading(1_000_000, null), false],
  [downloading(0, 0), false],
  [{ status: "normalizing" }, true],
])("finds %j worth finishing: %s", (progress, expected) => {
  expect(worthFinishing(progress)).toBe(expected);
});
