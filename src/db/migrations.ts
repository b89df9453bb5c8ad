/** Which migrations there are, and which a database has seen. */
import { readdir } from "node:fs/promises";
import * as path from "node:path";
import { AppError } from "../core/errors.ts";
import { damage } from "./dialects/sqlite-file.ts";
import type { Database } from "./schema.ts";

/** Folder of this Encore's migrations. */
export const MIGRATIONS = path.join(import.meta.dirname, "../../migrations");

const NAME = /^\d{4}-[a-z0-9-]+$/u;

/** How far a database is. */
export interface MigrationState {
  /** Names of the migrations in it, in order; empty = it is new. */
  readonly applied: readonly string[];
  /** Migrations of the folder that are not in it yet. */
  readonly pending: readonly string[];
}

/**
 * Compares a database with a folder of migrations. Changes nothing.
 * @throws {AppError} `DATABASE_NEWER` when it has a migration that the folder does not have; whatever SQLite throws
 */
export async function migrationState(db: Database, file: string, folder: string): Promise<MigrationState> {
  const known = (await readdir(folder))
    .filter((name) => name.endsWith(".ts"))
    .map((name) => name.slice(0, -".ts".length))
    .toSorted();
  const applied = await appliedMigrations(db);
  if (applied.some((name) => !known.includes(name))) throw new AppError("DATABASE_NEWER", { path: file });
  return { applied, pending: known.filter((name) => !applied.includes(name)) };
}

async function appliedMigrations(db: Database): Promise<string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some((table) => table.name === "kysely_migration")) return [];
  const rows = await db
    .withTables<{ kysely_migration: { name: string; timestamp: string } }>()
    .selectFrom("kysely_migration")
    .selectAll()
    .orderBy("name")
    .execute();
  // SQLite does not see a changed letter. A name that never was one must not pass for a newer version.
  if (!rows.every(({ name, timestamp }) => NAME.test(name) && !Number.isNaN(Date.parse(timestamp))))
    throw damage("the list of migrations is not readable");
  return rows.map((row) => row.name);
}
