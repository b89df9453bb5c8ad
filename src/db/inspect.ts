/** Looks at a database without migrating it. */
import { stat } from "node:fs/promises";
import { Kysely } from "kysely";
import { AppError } from "../core/errors.ts";
import { sqliteDialect } from "./dialects/sqlite.ts";
import { requireWhole } from "./dialects/sqlite-file.ts";
import { MIGRATIONS, migrationState } from "./migrations.ts";
import { requireOurs } from "./ours.ts";
import type { Schema } from "./schema.ts";

/** How far a database is. */
export interface DatabaseState {
  /** Newest migration in it. */
  readonly version: string;
  /** Migrations of this Encore that are not in it yet. */
  readonly pending: readonly string[];
}

/**
 * @param migrations folder of migrations to compare with; not given: this Encore's
 * @returns `undefined` when there is no database at `file`
 * @throws {AppError} `DATABASE_NEWER`, `DATABASE_FOREIGN`, `DATABASE_UNREADABLE`
 */
export async function inspectDatabase(
  file: string,
  migrations = MIGRATIONS,
): Promise<DatabaseState | undefined> {
  if (!(await stat(file).catch(() => undefined))?.isFile()) return undefined;
  await requireOurs(file);
  const db = new Kysely<Schema>({ dialect: sqliteDialect(file) });
  try {
    const { applied, pending } = await migrationState(db, file, migrations);
    requireWhole(file);
    return { version: applied.at(-1) ?? "none", pending };
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    const reason = cause instanceof Error ? cause.message : "unknown";
    throw new AppError("DATABASE_UNREADABLE", { path: file, reason }, { cause });
  } finally {
    await db.destroy();
  }
}
