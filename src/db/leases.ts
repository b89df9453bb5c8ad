import type { Transaction } from "kysely";
import { AppError } from "../core/errors.ts";
import { writeTransaction } from "./open.ts";
import type { Database, Schema } from "./schema.ts";

/** A right that is held. The token grows with each holder, so that an old one can be told from the present one. */
export interface Lease {
  readonly name: string;
  readonly token: number;
}

/** Who holds leases here and how time is told; all of it comes in from outside. */
export interface LeaseHolder {
  /** See process/identity.ts. */
  readonly ownerId: string;
  /** True when another holder can be shown to be gone. */
  readonly isProvablyDead: (ownerId: string) => boolean;
  /** True when the holder runs on this start of this machine, so that its uptime is ours. */
  readonly sharesUptime: (ownerId: string) => boolean;
  /** Milliseconds since the machine was started: the same for all processes, and never set back. */
  readonly uptimeMs: () => number;
  /** Wall clock, for holders on other machines. */
  readonly nowMs: () => number;
}

/** A lease as others see it. */
export interface LeaseInfo {
  readonly name: string;
  readonly ownerId: string;
  readonly isDead: boolean;
}

/** What the names of leases of keys begin with: who holds one fills or removes that key. */
export const KEY_LEASE = "key:";

/** Rights that at most one process holds at a time, in one table. Safe against crashes, sleepers and clock jumps. */
export class Leases {
  readonly #db: Database;
  readonly #holder: LeaseHolder;

  constructor(db: Database, holder: LeaseHolder) {
    this.#db = db;
    this.#holder = holder;
  }

  /**
   * Takes a lease that is free, expired, or held by a process that is provably dead. `undefined` = somebody has it.
   * One IMMEDIATE transaction, so two processes never both win.
   */
  async tryAcquire(name: string, ttlMs: number): Promise<Lease | undefined> {
    return writeTransaction(this.#db, async (transaction) => {
      const held = await transaction
        .selectFrom("leases")
        .selectAll()
        .where("name", "=", name)
        .executeTakeFirst();
      if (held && !isFree(held, this.#holder)) return undefined;
      const token = (held?.token ?? 0) + 1;
      const row = { token, owner: this.#holder.ownerId, ...this.#expiry(ttlMs) };
      await transaction
        .insertInto("leases")
        .values({ name, ...row })
        .onConflict((conflict) => conflict.column("name").doUpdateSet(row))
        .execute();
      return { name, token };
    });
  }

  /** Holds it for longer. False when it was lost: somebody took over. */
  async renew(lease: Lease, ttlMs: number): Promise<boolean> {
    const result = await this.#db
      .updateTable("leases")
      .set(this.#expiry(ttlMs))
      .where("name", "=", lease.name)
      .where("token", "=", lease.token)
      .where("owner", "=", this.#holder.ownerId)
      .executeTakeFirst();
    return result.numUpdatedRows > 0n;
  }

  /** Gives it back. The row stays, so that the token goes on growing. */
  async release(lease: Lease): Promise<void> {
    await this.#db
      .updateTable("leases")
      .set({ owner: null })
      .where("name", "=", lease.name)
      .where("token", "=", lease.token)
      .execute();
  }

  /** All leases that are held, dead holders marked. */
  async held(): Promise<LeaseInfo[]> {
    const rows = await this.#db.selectFrom("leases").selectAll().where("owner", "is not", null).execute();
    return rows.map((row) => ({
      name: row.name,
      ownerId: row.owner ?? "",
      isDead: isFree(row, this.#holder),
    }));
  }

  /** Keys that somebody alive fills or removes now. */
  async livingKeys(): Promise<Set<string>> {
    const living = (await this.held()).filter(({ name, isDead }) => name.startsWith(KEY_LEASE) && !isDead);
    return new Set(living.map(({ name }) => name.slice(KEY_LEASE.length)));
  }

  #expiry(ttlMs: number): { expires_uptime_ms: number; expires_at_ms: number } {
    return {
      expires_uptime_ms: Math.round(this.#holder.uptimeMs() + ttlMs),
      expires_at_ms: this.#holder.nowMs() + ttlMs,
    };
  }
}

/** True when anybody may take the lease: given back, expired, or its holder is gone. */
export function isFree(
  row: Pick<Schema["leases"], "owner" | "expires_uptime_ms" | "expires_at_ms">,
  holder: LeaseHolder,
): boolean {
  if (row.owner === null || holder.isProvablyDead(row.owner)) return true;
  return holder.sharesUptime(row.owner)
    ? row.expires_uptime_ms <= holder.uptimeMs()
    : row.expires_at_ms <= holder.nowMs();
}

/**
 * Throws unless the lease is still the newest of its name. In the same transaction as the write it guards, it keeps
 * a sleeper that wakes up after somebody took over from writing anything.
 * @throws {AppError} `LEASE_LOST`
 */
export async function requireLease(transaction: Transaction<Schema>, lease: Lease): Promise<void> {
  const row = await transaction
    .selectFrom("leases")
    .select("token")
    .where("name", "=", lease.name)
    .executeTakeFirst();
  if (row?.token !== lease.token) throw new AppError("LEASE_LOST", { name: lease.name });
}
