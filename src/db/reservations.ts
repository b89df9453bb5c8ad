import { unlessFull } from "./full-disk.ts";
import { isFree, type Lease, type LeaseHolder } from "./leases.ts";
import { writeTransaction } from "./open.ts";
import type { Database } from "./schema.ts";

/** What there is to share. */
export interface Room {
  /** Most bytes of kept files. */
  readonly limitBytes: number;
  /** Bytes the disk has left above the floor. */
  readonly freeBytes: number;
}

/**
 * Bytes that running fills may still need, so that many at once do not each see the same free space. A reservation
 * lives as long as its lease: after a power loss nobody is left to give it back.
 */
export class Reservations {
  readonly #db: Database;
  readonly #holder: LeaseHolder;

  constructor(db: Database, holder: LeaseHolder) {
    this.#db = db;
    this.#holder = holder;
  }

  /** Sets bytes aside for the fill of this lease. False = with them the limit or the disk would be exceeded. */
  async reserve(lease: Lease, bytes: number, room: Room): Promise<boolean> {
    return writeTransaction(this.#db, async (transaction) => {
      const rows = await transaction
        .selectFrom("reservations")
        .innerJoin("leases", "leases.name", "reservations.lease_name")
        .select(["lease_name", "bytes", "leases.owner", "expires_uptime_ms", "expires_at_ms"])
        .execute();
      const dead = rows.filter((row) => isFree(row, this.#holder)).map((row) => row.lease_name);
      if (dead.length > 0)
        await transaction.deleteFrom("reservations").where("lease_name", "in", dead).execute();
      const others = rows.filter((row) => !dead.includes(row.lease_name) && row.lease_name !== lease.name);
      const reserved = others.reduce((sum, row) => sum + row.bytes, 0);
      const { kept } = await transaction
        .selectFrom("cache_entries")
        .select((select) => select.fn.sum<number | null>("bytes").as("kept"))
        .where("state", "=", "ready")
        .executeTakeFirstOrThrow();
      if ((kept ?? 0) + reserved + bytes > room.limitBytes || reserved + bytes > room.freeBytes) return false;
      const row = { owner: this.#holder.ownerId, bytes };
      await transaction
        .insertInto("reservations")
        .values({ lease_name: lease.name, ...row })
        .onConflict((conflict) => conflict.column("lease_name").doUpdateSet(row))
        .execute();
      return true;
    });
  }

  /** The fill has ended, well or badly. On a full disk the row stays behind and counts no longer than its lease. */
  async release(lease: Lease): Promise<void> {
    await unlessFull(this.#db.deleteFrom("reservations").where("lease_name", "=", lease.name).execute());
  }
}
