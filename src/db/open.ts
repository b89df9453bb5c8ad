import { mkdir, readdir } from "node:fs/promises";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { Kysely, type Transaction } from "kysely";
import { FileMigrationProvider, Migrator } from "kysely/migration";
import { AppError } from "../core/errors.ts";
import { isBusy, sqliteDialect } from "./dialects/sqlite.ts";
import type { Database, Schema } from "./schema.ts";

const MIGRATIONS = path.join(import.meta.dirname, "../../migrations");
const BUSY_TRIES = 4;

/** What opening did, for `setup` and `doctor`. */
export interface MigrationReport {
  /** Names of the migrations carried out now; empty = it was up to date. */
  readonly applied: readonly string[];
  /** Newest migration in the database. */
  readonly version: string;
}

/**
 * Opens the database at `file` (created with its folder when missing) and brings it up to date.
 * @throws {AppError} `DATABASE_NEWER` (nothing is changed), `DATABASE_UNREADABLE`
 */
export async function openDatabase(
  file: string,
): Promise<{ readonly db: Database; readonly migration: MigrationReport }> {
  const db: Database = new Kysely<Schema>({ dialect: sqliteDialect(file) });
  try {
    await mkdir(path.dirname(file), { recursive: true });
    return { db, migration: await migrate(db, file) };
  } catch (error) {
    await db.destroy();
    if (error instanceof AppError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError("DATABASE_UNREADABLE", { path: file, reason }, { cause: error });
  }
}

async function migrate(db: Database, file: string): Promise<MigrationReport> {
  const known = (await readdir(MIGRATIONS))
    .filter((name) => name.endsWith(".ts"))
    .map((name) => name.slice(0, -3));
  const before = await appliedMigrations(db);
  if (before.some((name) => !known.includes(name))) throw new AppError("DATABASE_NEWER", { path: file });
  const provider = new FileMigrationProvider({
    fs,
    path,
    migrationFolder: MIGRATIONS,
    onFileIgnored: (name, reason) => {
      throw new AppError("INTERNAL", { detail: `migration ${name} is not usable: ${reason}` });
    },
  });
  const { error, results } = await new Migrator({ db, provider }).migrateToLatest();
  if (error) throw error;
  return {
    applied: (results ?? []).map((result) => result.migrationName),
    version: known.toSorted().at(-1) ?? "none",
  };
}

async function appliedMigrations(db: Database): Promise<string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some((table) => table.name === "kysely_migration")) return [];
  const rows = await db
    .withTables<{ kysely_migration: { name: string } }>()
    .selectFrom("kysely_migration")
    .select("name")
    .execute();
  return rows.map((row) => row.name);
}

/** Runs a writing transaction (BEGIN IMMEDIATE), again when another process held the lock for too long. */
export async function writeTransaction<T>(
  db: Database,
  work: (transaction: Transaction<Schema>) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await db.transaction().execute(work);
    } catch (error) {
      if (!isBusy(error) || attempt >= BUSY_TRIES) throw error;
    }
  }
}
