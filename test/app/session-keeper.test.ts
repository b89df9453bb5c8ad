import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { SessionKeeper } from "../../src/app/session-keeper.ts";
import { SavedQueues } from "../../src/db/saved-queues.ts";
import { SharedCommits } from "../../src/db/shared-commits.ts";
import type { Database } from "../../src/db/schema.ts";
import { Sessions } from "../../src/player/sessions.ts";
import { freshDatabase } from "../db/database.ts";
import { LOUNGE, SessionUnderTest, song } from "../player/set-up.ts";

const everywhere = (): boolean => true;

/** One life of a bot on a database. */
class Life {
  readonly bench = new SessionUnderTest(60_000);
  readonly sessions: Sessions;
  readonly store: SavedQueues;
  readonly keeper: SessionKeeper;

  constructor(db: Database, commitMs = 0) {
    this.bench.voice.autoplay = false;
    this.store = new SavedQueues(db, new SharedCommits(db, commitMs));
    this.sessions = new Sessions({
      ...this.bench.sharedDeps(),
      onChanged: (session) => this.keeper.onChanged(session),
    });
    this.keeper = new SessionKeeper({ sessions: this.sessions, store: this.store, log: this.bench.log });
    onTestFinished(async () => {
      await this.keeper.close();
      await this.sessions.close();
    });
  }

  /** Plays these songs in a guild. */
  async plays(guildId: string, ...numbers: readonly number[]): Promise<void> {
    this.sessions.of(guildId).enqueue(numbers.map(song), { ...LOUNGE, guildId });
    await expectState(this, guildId, { status: "playing" });
  }
}

async function expectState({ sessions }: Life, guildId: string, expected: object): Promise<void> {
  await vi.waitFor(() => expect(sessions.of(guildId).state).toMatchObject(expected), { interval: 1 });
}

let db: Database;
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "setInterval", "clearTimeout", "clearInterval"] });
  onTestFinished(() => void vi.useRealTimers());
  db = await freshDatabase();
});

/** Lets time pass until something is so. */
async function until(isSo: () => Promise<boolean>, stepMs = 100): Promise<void> {
  for (let step = 0; step < 100; step += 1) {
    if (await isSo()) return;
    await vi.advanceTimersByTimeAsync(stepMs);
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error("it never was so");
}

const savedSongs = async ({ store }: Life, guildId: string): Promise<number> =>
  (await store.find(guildId))?.waiting.length ?? -1;

describe("what a guild plays", () => {
  it("is saved soon after it has changed, and found after a crash", async () => {
    const before = new Life(db);
    await before.keeper.restore(everywhere);
    await before.plays("a", 1, 2, 3);
    await until(async () => (await savedSongs(before, "a")) === 2);
    const after = new Life(db);
    await after.keeper.restore(everywhere);
    await expectState(after, "a", { status: "playing", item: { id: "1", resumeMs: 60 } });
    expect(after.sessions.of("a").queue.items).toEqual([song(2), song(3)]);
    expect(after.bench.log.named("sessions.restored")).toEqual([{ guildId: "a", songs: 3 }]);
  });

  it("is saved with how far it is, every few seconds while it plays", async () => {
    const before = new Life(db);
    await before.keeper.restore(everywhere);
    await before.plays("a", 1);
    await before.plays("b", 2);
    await until(async () => (await before.store.guildIds()).length === 2);
    before.sessions.of("b").pause();
    for (const link of before.bench.voice.links) link.positionMs = 4_000;
    await until(async () => (await before.store.find("a"))?.positionMs === 4_000);
    await vi.advanceTimersByTimeAsync(1_000);
    // The one that is held was saved when it was held, and after that stays where it is.
    expect((await before.store.find("b"))?.positionMs).toBeLessThanOrEqual(4_000);
  });

  it("is saved at the end without a wait, as it is just then", async () => {
    const life = new Life(db, 10 * 60_000);
    await life.keeper.restore(everywhere);
    await life.plays("a", 1);
    for (const link of life.bench.voice.links) link.positionMs = 5_000;
    await life.keeper.close();
    expect((await life.store.find("a"))?.positionMs).toBe(5_000);
  });

  it("is saved once more at the end, and nothing that is stopped afterwards", async () => {
    const before = new Life(db);
    await before.keeper.restore(everywhere);
    await before.plays("a", 1, 2);
    await until(async () => (await savedSongs(before, "a")) === 1);
    before.bench.voice.link.positionMs = 700;
    await before.keeper.close();
    await before.sessions.of("a").stop();
    await before.sessions.close();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await before.store.find("a")).toMatchObject({ positionMs: 700, waiting: [song(2)] });
  });

  it("is forgotten when it was stopped", async () => {
    const life = new Life(db);
    await life.keeper.restore(everywhere);
    await life.plays("a", 1, 2);
    await until(async () => (await savedSongs(life, "a")) === 1);
    await life.sessions.of("a").stop();
    await until(async () => (await life.store.guildIds()).length === 0);
    expect(life.bench.log.named("sessions.not_forgotten")).toEqual([]);
  });

  it("is forgotten where the bot is no more", async () => {
    const before = new Life(db);
    await before.keeper.restore(everywhere);
    await before.plays("a", 1);
    await before.plays("b", 2);
    await before.keeper.close();
    const after = new Life(db);
    await after.keeper.restore((guildId) => guildId === "b");
    await expectState(after, "b", { status: "playing" });
    expect(after.sessions.of("a").state.status).toBe("idle");
    expect(await after.store.guildIds()).toEqual(["b"]);
  });

  it("is not overwritten before it was restored", async () => {
    const before = new Life(db);
    await before.keeper.restore(everywhere);
    await before.plays("a", 1, 2);
    await before.keeper.close();
    const after = new Life(db);
    await after.plays("a", 9);
    await vi.advanceTimersByTimeAsync(5_000);
    await after.keeper.restore(everywhere);
    expect(after.sessions.of("a").queue.items.map(({ id }) => id)).toEqual(["1", "2"]);
    await after.keeper.close();
    expect(await savedSongs(after, "a")).toBe(2);
  });
});

describe("a snapshot that is not readable", () => {
  it.each(['{"version":9}', "null", "{", '"text"'])(
    "stays where it is until something else is played, and the others come back (%s)",
    async (session) => {
      const before = new Life(db);
      await before.keeper.restore(everywhere);
      await before.plays("a", 1);
      await before.plays("b", 2);
      await before.keeper.close();
      await db.updateTable("queues").set({ session }).where("guild_id", "=", "a").execute();
      const after = new Life(db);
      await after.keeper.restore(everywhere);
      await expectState(after, "b", { status: "playing" });
      expect(after.bench.log.named("sessions.unreadable")).toMatchObject([{ guildId: "a" }]);
      after.sessions.of("a");
      await after.keeper.close();
      expect(await after.store.guildIds()).toEqual(["a", "b"]);
      const later = new Life(db);
      await later.keeper.restore(everywhere);
      await later.plays("a", 3);
      await later.sessions.of("a").stop();
      await until(async () => (await later.store.guildIds()).length === 1);
      expect(await later.store.guildIds()).toEqual(["b"]);
    },
  );
});

it.each(["{", '{"id":"3"}', "null"])(
  "brings a queue back without a song that is not readable (%s)",
  async (item) => {
    const before = new Life(db);
    await before.keeper.restore(everywhere);
    await before.plays("a", 1, 2, 3, 4);
    await before.keeper.close();
    const { seq } = await db
      .selectFrom("queue_items")
      .select("seq")
      .orderBy("seq")
      .offset(1)
      .limit(1)
      .executeTakeFirstOrThrow();
    await db.updateTable("queue_items").set({ item }).where("seq", "=", seq).execute();
    const after = new Life(db);
    await after.keeper.restore(everywhere);
    await expectState(after, "a", { status: "playing", item: { id: "1" } });
    expect(after.sessions.of("a").queue.items).toEqual([song(2), song(4)]);
    expect(after.bench.log.named("sessions.songs_unreadable")).toEqual([{ guildId: "a", songs: 1 }]);
  },
);

it("keeps a queue that the database did not give out, for another start", async () => {
  const before = new Life(db);
  await before.keeper.restore(everywhere);
  await before.plays("a", 1, 2);
  await before.keeper.close();
  const unlucky = new Life(db);
  vi.spyOn(unlucky.store, "find").mockRejectedValueOnce(new Error("database is locked"));
  await unlucky.keeper.restore(everywhere);
  await unlucky.keeper.close();
  const after = new Life(db);
  await after.keeper.restore(everywhere);
  await expectState(after, "a", { status: "playing", item: { id: "1" } });
  expect(after.sessions.of("a").queue.items).toEqual([song(2)]);
});

it("never keeps the bot from starting or playing when the database fails", async () => {
  const life = new Life(db);
  vi.spyOn(life.store, "guildIds").mockRejectedValue(new Error("broken"));
  vi.spyOn(life.store, "save").mockRejectedValue(new Error("broken"));
  await life.keeper.restore(everywhere);
  await life.plays("a", 1);
  await until(async () => life.bench.log.named("sessions.not_saved").length > 0);
  expect(life.bench.log.named("sessions.not_restored")).toHaveLength(1);
  expect(life.sessions.of("a").state.status).toBe("playing");
});
