import { expect, it, onTestFinished } from "vitest";
import { Settings } from "../../src/db/settings.ts";
import { SharedCommits } from "../../src/db/shared-commits.ts";
import { freshDatabase } from "./database.ts";

/** Longer than a test may take: what waits for it is committed by nothing else. */
const NEVER_MS = 10 * 60_000;

function fail(): never {
  throw new Error("not this one");
}

it("commits everything that comes within a moment at once, in its order", async () => {
  const db = await freshDatabase();
  const settings = new Settings(db);
  const commits = new SharedCommits(db, 0);
  const transactions = new Set<unknown>();
  const works = Array.from({ length: 20 }, async (_, index) => {
    await commits.write(async (transaction) => {
      transactions.add(transaction);
      await new Settings(transaction).set("last", String(index));
    });
    return await settings.get("last");
  });
  expect(await settings.get("last")).toBeUndefined();
  expect(new Set(await Promise.all(works))).toEqual(new Set(["19"]));
  expect(transactions.size).toBe(1);
});

it("lets others have their turn between the commits of many", async () => {
  const db = await freshDatabase();
  const commits = new SharedCommits(db, 0);
  let turns = 0;
  const counting = setInterval(() => (turns += 1), 0);
  onTestFinished(() => clearInterval(counting));
  const write = async (index: number): Promise<void> =>
    await commits.write((transaction) => new Settings(transaction).set(`name ${index}`, "there"));
  await Promise.all(Array.from({ length: 1_000 }, (_, index) => write(index)));
  expect(turns).toBeGreaterThan(5);
  expect(await new Settings(db).get("name 999")).toBe("there");
});

it("leaves nothing behind of what failed together, and goes on", async () => {
  const db = await freshDatabase();
  const commits = new SharedCommits(db, 0);
  const both = [
    commits.write((transaction) => new Settings(transaction).set("a", "there")),
    commits.write(fail),
  ];
  expect(await Promise.allSettled(both)).toMatchObject([{ status: "rejected" }, { status: "rejected" }]);
  expect(await new Settings(db).get("a")).toBeUndefined();
  await commits.write((transaction) => new Settings(transaction).set("a", "later"));
  expect(await new Settings(db).get("a")).toBe("later");
});

it("waits no longer when it is closed", async () => {
  const db = await freshDatabase();
  const commits = new SharedCommits(db, NEVER_MS);
  const written = commits.write((transaction) => new Settings(transaction).set("a", "there"));
  await commits.close();
  await written;
  await commits.write((transaction) => new Settings(transaction).set("b", "there, too"));
  expect(await new Settings(db).get("b")).toBe("there, too");
});
