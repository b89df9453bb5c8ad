/** Brings a database back that is lost or damaged. What is there is set aside, never deleted. */
import { mkdir, rename, rm, stat } from "node:fs/promises";
import * as path from "node:path";
import type { Clock } from "../core/clock.ts";
import { AppError } from "../core/errors.ts";
import { listBackups, stampOf } from "./backup.ts";
import { copyDatabase, isDamage, isNonsense, withFileLock } from "./dialects/sqlite-file.ts";
import { publishFile, syncFolder } from "./durable.ts";
import { inspectDatabase } from "./inspect.ts";
import { openDatabase, writeTransaction } from "./open.ts";
import { lockOf } from "./ours.ts";
import type { Database } from "./schema.ts";

export interface RecoveryOptions {
  /** Absolute path of the database. */
  readonly file: string;
  /** Folder of migrations. Not given: this Encore's. */
  readonly migrations?: string;
  readonly clock: Clock;
  /**
   * Makes a database of another day fit for use, in one transaction: what it says about files may no longer be true.
   * A restored one is settled before anybody sees it.
   */
  readonly settle: (db: Database) => Promise<void>;
}

/** What was wrong and what became of it. */
export interface Recovery {
  readonly found: "missing" | "damaged";
  /** What SQLite says about a damaged one. */
  readonly reason: string | undefined;
  /** Where the damaged file is now. */
  readonly setAside: string | undefined;
  /** A backup's path, or `memory` = what the running process still had open. `undefined` = begun anew. */
  readonly restoredFrom: string | undefined;
}

/** What it took to have a whole database. */
export interface Ensured {
  /** `undefined` = nothing was wrong. */
  readonly recovery: Recovery | undefined;
  /** Migrations that made a new one, or followed the recovery. */
  readonly migrated: readonly string[];
}

const NOTHING_DONE: Ensured = { recovery: undefined, migrated: [] };

/** Writes a copy of a database that is still open, though its file is gone, to a path. */
export type Rescue = (toPath: string) => Promise<void>;

/**
 * Makes sure that there is a whole database under the file's name, up to date. A whole one only gets its migrations.
 * One process at a time; the others wait and then find it whole.
 * @throws {AppError} `DATABASE_NEWER` and `DATABASE_FOREIGN` (nothing is changed), `DATABASE_UNREADABLE` (a right or
 * the disk is missing)
 */
export async function ensureDatabase(
  options: RecoveryOptions,
  rescue: Rescue | undefined,
  signal: AbortSignal,
): Promise<Ensured> {
  const { file } = options;
  await mkdir(path.dirname(file), { recursive: true, mode: 0o750 });
  if ((await examine(options)).found === "whole") return NOTHING_DONE;
  return await withFileLock(
    lockOf(file),
    async () => {
      const trouble = await examine(options);
      if (trouble.found === "whole") return NOTHING_DONE;
      const recovery = await recover(options, trouble, rescue);
      // While others still wait: nobody may find a database that is only begun.
      const { db, migration } = await openDatabase(file, options);
      await db.destroy();
      return { recovery, migrated: migration.applied };
    },
    signal,
  );
}

/** Of the names that belong to one database, the database itself last. */
const ENDINGS = ["-wal", "-shm", "-journal", ""] as const;

type Health =
  | { readonly found: "whole" }
  | { readonly found: "missing" }
  | { readonly found: "damaged"; readonly reason: string };

async function examine({ file, migrations }: RecoveryOptions): Promise<Health> {
  const facts = await stat(file).catch(() => undefined);
  if (!facts) return { found: "missing" };
  if (facts.size === 0) return { found: "damaged", reason: "the file is empty" };
  try {
    await inspectDatabase(file, migrations);
    return { found: "whole" };
  } catch (error) {
    // A right that is missing or a full disk is no damage: the same file may be readable tomorrow.
    if (!(error instanceof AppError) || error.code !== "DATABASE_UNREADABLE") throw error;
    if (!isDamage(error.cause) && !isNonsense(error.cause)) throw error;
    return { found: "damaged", reason: String(error.context["reason"]) };
  }
}

async function recover(
  options: RecoveryOptions,
  trouble: Exclude<Health, { found: "whole" }>,
  rescue: Rescue | undefined,
): Promise<Recovery | undefined> {
  const { found } = trouble;
  const setAside = await moveAside(options, found);
  const restoredFrom = await restore(options, rescue);
  // Nothing there and nothing to bring back: a first start.
  if (found === "missing" && restoredFrom === undefined) return undefined;
  const reason = found === "damaged" ? trouble.reason : undefined;
  return { found, reason, setAside, restoredFrom };
}

/**
 * The -wal and -shm go along, also when the database itself is missing: beside another database they would be taken
 * for its own. They go first, so that a crash in between leaves none behind.
 * @returns where the database is now; `undefined` = there was none
 */
async function moveAside({ file, clock }: RecoveryOptions, why: string): Promise<string | undefined> {
  const aside = `${file}.${why}-${stampOf(clock.nowMs())}`;
  let moved = false;
  for (const ending of ENDINGS) {
    moved = await rename(`${file}${ending}`, `${aside}${ending}`).then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT") return false;
        throw error;
      },
    );
  }
  await syncFolder(path.dirname(file));
  return moved ? aside : undefined;
}

async function restore(options: RecoveryOptions, rescue: Rescue | undefined): Promise<string | undefined> {
  if (rescue && (await tryRestore(options, rescue, async () => undefined))) return "memory";
  const settle = async (db: Database): Promise<void> => {
    await forgetThatDay(db);
    await options.settle(db);
  };
  for (const { path: from } of await listBackups(options.file)) {
    if (await tryRestore(options, (to) => copyDatabase(from, to), settle)) return from;
  }
  return undefined;
}

/** What was held or played when the backup was made is not held or played now. The tokens of leases go on growing. */
async function forgetThatDay(db: Database): Promise<void> {
  await db.updateTable("leases").set({ owner: null }).execute();
  await db.deleteFrom("reservations").execute();
  for (const table of ["files_in_use", "queues", "queue_items"] as const)
    await db.deleteFrom(table).execute();
}

/** A candidate becomes the database only when it is whole, migrated and settled. False when it is no good. */
async function tryRestore(
  options: RecoveryOptions,
  copy: (to: string) => Promise<void>,
  settle: (db: Database) => Promise<void>,
): Promise<boolean> {
  const { file } = options;
  const candidate = `${file}.candidate`;
  try {
    await removeDatabase(candidate);
    await copy(candidate);
    const { db } = await openDatabase(candidate, { ...options, backup: false });
    try {
      await writeTransaction(db, settle);
    } finally {
      await db.destroy();
    }
    return await publishFile(candidate, file);
  } catch (error) {
    if (!isNoGood(error)) throw error;
    return false;
  } finally {
    await removeDatabase(candidate);
  }
}

function isNoGood(error: unknown): boolean {
  if (!(error instanceof AppError)) return isDamage(error);
  return error.code === "DATABASE_NEWER" || isDamage(error.cause);
}

async function removeDatabase(file: string): Promise<void> {
  for (const ending of ENDINGS) await rm(`${file}${ending}`, { force: true });
}
