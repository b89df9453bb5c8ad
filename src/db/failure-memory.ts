import type { ErrorCode } from "../core/errors.ts";
import type { CacheKey } from "../core/track.ts";
import { unlessFull } from "./full-disk.ts";
import type { Database } from "./schema.ts";

/** Why a recording could not be fetched lately, and from when on it is worth another try. */
export interface RememberedFailure {
  readonly code: ErrorCode;
  /** The error's facts that a sentence may name; texts and numbers only. */
  readonly context: Readonly<Record<string, string | number>>;
  /** Failed tries in a row. */
  readonly attempts: number;
  readonly retryAtMs: number;
}

/** Negative cache: keeps a broken recording from being fetched on every request. */
export class FailureMemory {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async find(key: CacheKey): Promise<RememberedFailure | undefined> {
    const row = await this.#db.selectFrom("failures").selectAll().where("key", "=", key).executeTakeFirst();
    if (!row) return undefined;
    return {
      code: row.code as ErrorCode,
      context: JSON.parse(row.context) as Record<string, string | number>,
      attempts: row.attempts,
      retryAtMs: row.retry_at_ms,
    };
  }

  async remember(key: CacheKey, failure: RememberedFailure, atMs: number): Promise<void> {
    const row = {
      code: failure.code,
      context: JSON.stringify(failure.context),
      attempts: failure.attempts,
      failed_at_ms: atMs,
      retry_at_ms: failure.retryAtMs,
    };
    const insert = this.#db
      .insertInto("failures")
      .values({ key, ...row })
      .onConflict((conflict) => conflict.column("key").doUpdateSet(row));
    await unlessFull(insert.execute());
  }

  /** When something failed with one of these codes last, and has not succeeded since; `undefined` = never. */
  async lastAtMs(codes: readonly ErrorCode[]): Promise<number | undefined> {
    const row = await this.#db
      .selectFrom("failures")
      .select((select) => select.fn.max<number | null>("failed_at_ms").as("last"))
      .where("code", "in", codes)
      .executeTakeFirst();
    return row?.last ?? undefined;
  }

  async forget(key: CacheKey): Promise<void> {
    await unlessFull(this.#db.deleteFrom("failures").where("key", "=", key).execute());
  }
}
