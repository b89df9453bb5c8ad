import { expect, it } from "vitest";
import { newWorkToken } from "../../src/cache/work-folder.ts";

it("never gives the same token twice", () => {
  expect(new Set(Array.from({ length: 1_000 }, () => newWorkToken())).size).toBe(1_000);
});
