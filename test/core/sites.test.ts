import { expect, test } from "vitest";
import { isSite, SITES } from "../../src/core/sites.ts";
import { cacheKey } from "../../src/core/track.ts";

test("each site is a family of recordings that can have a key", () => {
  for (const source of SITES) expect(cacheKey({ source, id: "a" })).toBe(`${source}.a`);
  expect(SITES.every(isSite)).toBe(true);
  expect(["youtube", "direct", "spotify", ""].some(isSite)).toBe(false);
});
