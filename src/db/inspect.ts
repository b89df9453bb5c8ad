/** Looks at a database without migrating it. */
import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { Kysely } from "kysely";
import { AppError } from "../core/errors.ts";
import { sqliteDialect } from "./dialects/sqlite.ts";

/** How far a database is. */
export interface DatabaseState {
  /** Newest migration in it. */
  readonly version: string;
  /** Migrations of this Encore that are not in it yet. */
  readonly pending: readonly string[];
}

const MIGRATIONS = path.join(import.meta.dirname, "../../migrations");

/**
 * @returns `undefined` when there is no database at `file`
 * @throws {AppError} `DATABASE_NEWER`, `DATABASE_UNREADABLE`
 */
export async function inspectDatabase(file: string): Promise<DatabaseState | undefined> {
  if (!(await stat(file).catch(() => undefined))?.isFile()) return undefined;
  const db = new Kysely<{ kysely_migration: { name: string } }>({ dialect: sqliteDialect(file) });
  try {
    const rows = await db.selectFrom("kysely_migration").select("name").orderBy("name").execute();
    const known = (await readdir(MIGRATIONS))
      .filter((name) => name.endsWith(".ts"))
      .map((name) => name.slice(0, -".ts".length));
    if (rows.some(({ name }) => !known.includes(name))) throw new AppError("DATABASE_NEWER", { path: file });
    const pending = known.filter((name) => rows.every((row) => row.name !== name));
    return { version: rows.at(-1)?.name ?? "none", pending };
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    const reason = cause instanceof Error ? cause.message : "unknown";
    throw new AppError("DATABASE_UNREADABLE", { path: file, reason }, { cause });
  } finally {
    await db.destroy();
  }
}
