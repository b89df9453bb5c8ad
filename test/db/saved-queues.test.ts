import { describe, expect, it } from "vitest";
import { SavedQueues } from "../../src/db/saved-queues.ts";
import type { Database } from "../../src/db/schema.ts";
import { SharedCommits } from "../../src/db/shared-commits.ts";
import { freshDatabase } from "./database.ts";

interface Entry {
  readonly name: string;
}

const entries = (...names: readonly string[]): Entry[] => names.map((name) => ({ name }));
const saved = (waiting: readonly unknown[], positionMs = 0): Parameters<SavedQueues["save"]>[1] => ({
  session: { loop: "off" },
  positionMs,
  waiting,
});

const queuesIn = (db: Database): SavedQueues => new SavedQueues(db, new SharedCommits(db, 0));

function endHere(): never {
  throw new Error("the process ends here");
}

const rows = async (db: Database, guildId = "a"): Promise<number[]> =>
  (
    await db.selectFrom("queue_items").select("seq").where("guild_id", "=", guildId).orderBy("seq").execute()
  ).map(({ seq }) => seq);

describe("a queue", () => {
  it("comes back as it was saved, in another process too", async () => {
    const db = await freshDatabase();
    const queues = queuesIn(db);
    await queues.save("b", saved([]));
    await queues.save("a", { session: { loop: "track" }, positionMs: 12.7, waiting: entries("x", "y") });
    for (const reader of [queues, queuesIn(db)]) {
      expect(await reader.guildIds()).toEqual(["a", "b"]);
      expect(await reader.find("a")).toEqual({
        session: { loop: "track" },
        positionMs: 13,
        waiting: entries("x", "y"),
      });
      expect(await reader.find("b")).toEqual(saved([]));
      expect(await reader.find("c")).toBeUndefined();
    }
  });

  it("is not written anew when songs go from its front and others come behind", async () => {
    const db = await freshDatabase();
    const queues = queuesIn(db);
    const all = entries("a", "b", "c", "d", "e");
    await queues.save("a", saved(all.slice(0, 3)));
    expect(await rows(db)).toEqual([1, 2, 3]);
    await queues.save("a", saved(all.slice(1, 5)));
    expect(await rows(db)).toEqual([2, 3, 4, 5]);
    expect((await queues.find("a"))?.waiting).toEqual(all.slice(1, 5));
    await queues.save("a", saved([]));
    expect(await rows(db)).toEqual([]);
    await queues.save("a", saved(all));
    expect((await queues.find("a"))?.waiting).toEqual(all);
  });

  it("is written anew in another order", async () => {
    const queues = queuesIn(await freshDatabase());
    const [a, b, c] = entries("a", "b", "c");
    for (const order of [
      [a, b, c],
      [c, b, a],
      [c, a],
      [b, c, a],
      [b, c, a, a],
      [b, c],
    ]) {
      await queues.save("a", saved(order));
      expect((await queues.find("a"))?.waiting).toEqual(order);
    }
  });

  it("is the one of before when saving broke off, and can be saved again", async () => {
    const db = await freshDatabase();
    const queues = queuesIn(db);
    const [first, second] = [entries("a", "b"), entries("c", "d", "e")];
    await queues.save("a", saved(first));
    const session = { toJSON: endHere };
    await expect(queues.save("a", { ...saved(second), session })).rejects.toThrow("ends here");
    expect(await queuesIn(db).find("a")).toEqual(saved(first));
    expect(await rows(db)).toHaveLength(5);
    await queuesIn(db).save("a", saved(second));
    expect(await queues.find("a")).toEqual(saved(second));
    expect(await rows(db)).toHaveLength(3);
  });

  it("is written anew into a database that has taken the place of the other", async () => {
    const db = await freshDatabase();
    const queues = queuesIn(db);
    const all = entries("a", "b", "c");
    await queues.save("a", saved(all.slice(0, 2)));
    for (const table of ["queues", "queue_items"] as const) await db.deleteFrom(table).execute();
    await queues.save("a", saved(all));
    expect(await queues.find("a")).toEqual(saved(all));
  });

  it("is forgotten with all its songs, and others are not", async () => {
    const db = await freshDatabase();
    const queues = queuesIn(db);
    for (const guildId of ["a", "b"]) await queues.save(guildId, saved(entries("x", "y")));
    await queues.forget("a");
    expect(await queues.guildIds()).toEqual(["b"]);
    expect([await rows(db, "a"), await rows(db, "b")]).toEqual([[], [1, 2]]);
  });

  it("comes without what is damaged in it", async () => {
    const db = await freshDatabase();
    const queues = queuesIn(db);
    await queues.save("a", saved(entries("x")));
    await db.updateTable("queue_items").set({ item: '{"name"' }).execute();
    expect((await queues.find("a"))?.waiting).toEqual([undefined]);
  });
});

describe("positions", () => {
  it("change nothing else, and only where something was saved", async () => {
    const db = await freshDatabase();
    const queues = queuesIn(db);
    const guildIds = Array.from({ length: 250 }, (_, index) => `guild ${index}`);
    for (const guildId of guildIds) await queues.save(guildId, saved(entries("x")));
    await queues.savePositions(
      new Map([...guildIds.slice(1), "new"].map((guildId, index) => [guildId, index])),
    );
    expect(await queues.find("guild 0")).toEqual(saved(entries("x"), 0));
    expect(await queues.find("guild 249")).toEqual(saved(entries("x"), 248));
    expect(await queues.guildIds()).not.toContain("new");
  });
});

it("lets others have their turn while 5,000 songs are saved", async () => {
  const queues = queuesIn(await freshDatabase());
  let turns = 0;
  const counting = setInterval(() => (turns += 1), 0);
  await queues.save("a", saved(entries(...Array.from({ length: 5_000 }, (_, index) => `song ${index}`))));
  clearInterval(counting);
  expect(turns).toBeGreaterThan(20);
});
