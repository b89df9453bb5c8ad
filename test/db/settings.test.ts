import { expect, it } from "vitest";
import { Settings } from "../../src/db/settings.ts";
import { freshDatabase } from "./database.ts";

it("keeps the last value of each name", async () => {
  const settings = new Settings(await freshDatabase());
  expect(await settings.get("a")).toBeUndefined();
  await settings.set("a", "1");
  await settings.set("b", "x");
  await settings.set("a", "2");
  expect([await settings.get("a"), await settings.get("b")]).toEqual(["2", "x"]);
});
