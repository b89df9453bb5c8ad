import { describe, expect, test } from "vitest";
import { KeyGuard } from "../../src/cache/key-guard.ts";
import { KeyedMutex } from "../../src/cache/keyed-mutex.ts";
import { silentLogger } from "../../src/core/logger.ts";
import { Leases } from "../../src/db/leases.ts";
import type { Database } from "../../src/db/schema.ts";
import { freshDatabase } from "../db/database.ts";

const NEVER = new AbortController().signal;

/** Each guard stands for a process: it has its own mutexes and owner, and shares the database. */
function guardOf(db: Database, ownerId: string, times: { ttlMs?: number; beatMs?: number } = {}): KeyGuard {
  const leases = new Leases(db, {
    ownerId,
    isProvablyDead: () => false,
    sharesUptime: () => true,
    uptimeMs: () => performance.now(),
    nowMs: () => Date.now(),
  });
  return new KeyGuard({ locks: new KeyedMutex(), leases, log: silentLogger, ...times });
}

describe("the guard of a key", () => {
  test("lets one process in at a time", async () => {
    const db = await freshDatabase();
    let inside = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise(setImmediate);
      inside -= 1;
    };
    const guards = ["one", "two", "three"].map((owner) => guardOf(db, owner));
    await Promise.all(guards.flatMap((guard) => [guard.run("a", work, NEVER), guard.run("a", work, NEVER)]));
    expect(most).toBe(1);
  });

  test("keeps the lease alive by its beat while work takes longer than the lease", async () => {
    const db = await freshDatabase();
    const one = guardOf(db, "one", { ttlMs: 200, beatMs: 20 });
    const two = guardOf(db, "two", { ttlMs: 200, beatMs: 20 });
    const order: string[] = [];
    const started = Promise.withResolvers<undefined>();
    const first = one.run(
      "a",
      async () => {
        started.resolve(undefined);
        await new Promise((resolve) => setTimeout(resolve, 600));
        order.push("one");
      },
      NEVER,
    );
    await started.promise;
    await two.run("a", async () => void order.push("two"), NEVER);
    await first;
    expect(order).toEqual(["one", "two"]);
  });

  test("tells work whose lease was taken over, by its signal and by LEASE_LOST", async () => {
    const db = await freshDatabase();
    const sleeper = guardOf(db, "sleeper", { ttlMs: 50, beatMs: 150 });
    const other = guardOf(db, "other");
    const started = Promise.withResolvers<undefined>();
    const sleeping = sleeper.run(
      "a",
      (_lease, signal) =>
        new Promise((_resolve, reject) => {
          started.resolve(undefined);
          signal.addEventListener("abort", () => reject(new Error("stopped")));
        }),
      NEVER,
    );
    sleeping.catch(() => undefined);
    await started.promise;
    await expect(other.run("a", async (lease) => lease.token, NEVER)).resolves.toBe(2);
    await expect(sleeping).rejects.toMatchObject({ code: "LEASE_LOST" });
  });

  test("stops waiting when asked to", async () => {
    const db = await freshDatabase();
    const gate = Promise.withResolvers<undefined>();
    const holding = guardOf(db, "one").run("a", () => gate.promise, NEVER);
    const waiting = guardOf(db, "two").run("a", async () => "never", AbortSignal.timeout(60));
    await expect(waiting).rejects.toMatchObject({ code: "ABORTED" });
    gate.resolve(undefined);
    await holding;
  });

  test("gives the key back when the work fails", async () => {
    const db = await freshDatabase();
    const guard = guardOf(db, "one");
    await expect(guard.run("a", () => Promise.reject(new RangeError("no")), NEVER)).rejects.toThrow(
      RangeError,
    );
    await expect(guardOf(db, "two").run("a", async () => "in", NEVER)).resolves.toBe("in");
  });
});
