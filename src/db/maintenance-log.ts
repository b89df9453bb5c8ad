import { randomUUID } from "node:crypto";
import type { Selectable } from "kysely";
import type { Database, Schema } from "./schema.ts";

/** Through which door a run was asked for. */
export type RunOrigin = Schema["maintenance_runs"]["origin"];

/** What one maintenance run did, and for whom. */
export interface MaintenanceRun {
  readonly kind: string;
  /** Who asked: a Discord user id, a user of the machine, or `schedule`. */
  readonly actor: string;
  readonly origin: RunOrigin;
  /** What was asked for: the options of the run. */
  readonly detail: string;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly removedFiles: number;
  readonly removedBytes: number;
  readonly keptInUse: number;
  /** Rows and files that were put right without removing audio. */
  readonly repaired: number;
  readonly failed: number;
}

/** Audit of everything that changed files. */
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
        origin: run.origin,
        detail: run.detail,
        started_at_ms: run.startedAtMs,
        ended_at_ms: run.endedAtMs,
        removed_files: run.removedFiles,
        removed_bytes: run.removedBytes,
        kept_in_use: run.keptInUse,
        repaired: run.repaired,
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
    return row && toRun(row);
  }

  /** The newest runs of all kinds, newest first. */
  async recent(limit: number): Promise<MaintenanceRun[]> {
    const rows = await this.#db
      .selectFrom("maintenance_runs")
      .selectAll()
      .orderBy("ended_at_ms", "desc")
      .limit(limit)
      .execute();
    return rows.map(toRun);
  }
}

function toRun(row: Selectable<Schema["maintenance_runs"]>): MaintenanceRun {
  return {
    kind: row.kind,
    actor: row.actor,
    origin: row.origin,
    detail: row.detail,
    startedAtMs: row.started_at_ms,
    endedAtMs: row.ended_at_ms,
    removedFiles: row.removed_files,
    removedBytes: row.removed_bytes,
    keptInUse: row.kept_in_use,
    repaired: row.repaired,
    failed: row.failed,
  };
}
