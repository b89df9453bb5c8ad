import { describe, expect, test } from "vitest";
import { KEY_LEASE, type Lease, type LeaseHolder, Leases, requireLease } from "../../src/db/leases.ts";
import { writeTransaction } from "../../src/db/open.ts";
import type { Database } from "../../src/db/schema.ts";
import { freshDatabase } from "./database.ts";

/** Two processes on one machine, and one on another. */
class Machine {
  uptimeMs = 1_000;
  nowMs = 1_000_000;
  readonly dead = new Set<string>();
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  leasesOf(ownerId: string): Leases {
    const holder: LeaseHolder = {
      ownerId,
      isProvablyDead: (other) => this.dead.has(other),
      sharesUptime: (other) => !other.startsWith("far"),
      uptimeMs: () => this.uptimeMs,
      nowMs: () => this.nowMs,
    };
    return new Leases(this.#db, holder);
  }
}

async function setUp(): Promise<{ db: Database; machine: Machine; one: Leases; two: Leases }> {
  const db = await freshDatabase();
  const machine = new Machine(db);
  return { db, machine, one: machine.leasesOf("one"), two: machine.leasesOf("two") };
}

const writeWith = (db: Database, lease: Lease): Promise<void> =>
  writeTransaction(db, (transaction) => requireLease(transaction, lease));

describe("a lease", () => {
  test("is held by one at a time and its token grows", async () => {
    const { one, two } = await setUp();
    const first = await one.tryAcquire("key:a", 100);
    expect(first).toEqual({ name: "key:a", token: 1 });
    expect(await two.tryAcquire("key:a", 100)).toBeUndefined();
    expect(await two.tryAcquire("key:b", 100)).toEqual({ name: "key:b", token: 1 });
    await one.release(first as Lease);
    expect(await two.tryAcquire("key:a", 100)).toEqual({ name: "key:a", token: 2 });
  });

  test("of a dead process is free at once", async () => {
    const { machine, one, two } = await setUp();
    await one.tryAcquire("key:a", 1_000_000);
    machine.dead.add("one");
    expect(await two.held()).toEqual([{ name: "key:a", ownerId: "one", isDead: true }]);
    expect(await two.tryAcquire("key:a", 100)).toEqual({ name: "key:a", token: 2 });
  });

  test("of a key tells that somebody alive works on it", async () => {
    const { machine, one, two } = await setUp();
    await one.tryAcquire(`${KEY_LEASE}died`, 1_000);
    await two.tryAcquire(`${KEY_LEASE}filled`, 1_000);
    await two.tryAcquire(`${KEY_LEASE}done`, 10);
    await two.tryAcquire("use:two", 1_000);
    machine.dead.add("one");
    machine.uptimeMs += 10;
    expect(await two.livingKeys()).toEqual(new Set(["filled"]));
  });

  test("ends by the machine's uptime, whatever the wall clock does", async () => {
    const { machine, one, two } = await setUp();
    await one.tryAcquire("key:a", 100);
    machine.nowMs += 3_600_000;
    expect(await two.tryAcquire("key:a", 100)).toBeUndefined();
    machine.nowMs -= 7_200_000;
    machine.uptimeMs += 100;
    expect(await two.tryAcquire("key:a", 100)).toMatchObject({ token: 2 });
  });

  test("of another machine ends by the wall clock", async () => {
    const { machine, one } = await setUp();
    await machine.leasesOf("far").tryAcquire("key:a", 100);
    machine.uptimeMs += 1_000_000;
    expect(await one.tryAcquire("key:a", 100)).toBeUndefined();
    machine.nowMs += 100;
    expect(await one.tryAcquire("key:a", 100)).toMatchObject({ token: 2 });
  });

  test("lives on as long as it is renewed, and not after it was taken over", async () => {
    const { machine, one, two } = await setUp();
    const lease = (await one.tryAcquire("key:a", 100)) as Lease;
    machine.uptimeMs += 90;
    expect(await one.renew(lease, 100)).toBe(true);
    machine.uptimeMs += 90;
    expect(await two.tryAcquire("key:a", 100)).toBeUndefined();
    machine.uptimeMs += 10;
    expect(await two.tryAcquire("key:a", 100)).toBeDefined();
    expect(await one.renew(lease, 100)).toBe(false);
  });

  test("lets a sleeper that wakes up write nothing, and give nothing back", async () => {
    const { db, machine, one, two } = await setUp();
    const old = (await one.tryAcquire("key:a", 100)) as Lease;
    await writeWith(db, old);
    machine.uptimeMs += 100;
    const fresh = (await two.tryAcquire("key:a", 100)) as Lease;
    await expect(writeWith(db, old)).rejects.toMatchObject({ code: "LEASE_LOST" });
    await one.release(old);
    await writeWith(db, fresh);
    expect(await one.tryAcquire("key:a", 100)).toBeUndefined();
  });
});
