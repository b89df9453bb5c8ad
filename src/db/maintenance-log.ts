import { randomUUID } from "node:crypto";
import type { Database } from "./schema.ts";

/** What one clean-up or clearing did, and for whom. */
export interface MaintenanceRun {
  readonly kind: string;
  /** Who asked: a Discord user id, or `schedule`. */
  readonly actor: string;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly removedFiles: number;
  readonly removedBytes: number;
  readonly keptInUse: number;
  readonly failed: number;
}

/** Audit of everything that removed files. */
export class MaintenanceLog {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async record(run: MaintenanceRun): Promise<void> {
    await this.#db
      .insertInto("maintenance_runs")
      .values({
        id: randomUUID(),
        kind: run.kind,
        actor: run.actor,
        started_at_ms: run.startedAtMs,
        ended_at_ms: run.endedAtMs,
        removed_files: run.removedFiles,
        removed_bytes: run.removedBytes,
        kept_in_use: run.keptInUse,
        failed: run.failed,
      })
      .execute();
  }

  /** The newest run of a kind. */
  async last(kind: string): Promise<MaintenanceRun | undefined> {
    const row = await this.#db
      .selectFrom("maintenance_runs")
      .selectAll()
      .where("kind", "=", kind)
      .orderBy("ended_at_ms", "desc")
      .limit(1)
      .executeTakeFirst();
    if (!row) return undefined;
    return {
      kind: row.kind,
      actor: row.actor,
      startedAtMs: row.started_at_ms,
      endedAtMs: row.ended_at_ms,
      removedFiles: row.removed_files,
      removedBytes: row.removed_bytes,
      keptInUse: row.kept_in_use,
      failed: row.failed,
    };
  }
}
