/** Copies of the database, made by SQLite itself while it is in use. */
import { randomBytes } from "node:crypto";
import { mkdir, readdir, rm, stat } from "node:fs/promises";
import * as path from "node:path";
import type { Clock } from "../core/clock.ts";
import { copyDatabase } from "./dialects/sqlite-file.ts";
import { publishFile, syncFolder } from "./durable.ts";

/** Where the backups of a database are: beside it. */
export function backupFolder(file: string): string {
  return path.join(path.dirname(file), "backups");
}

/** One backup on the disk. */
export interface Backup {
  readonly path: string;
  readonly bytes: number;
  readonly madeAtMs: number;
}

const KEPT = 7;
const DAY_MS = 24 * 60 * 60 * 1000;
/** `encore.2026-11-20T10-16-58-123Z.daily.sqlite` without the name of its database. */
const NAME = /^(\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{3}Z)\.[A-Za-z0-9-]+\.sqlite$/u;

/** A time as part of a file name; sorts by age. */
export function stampOf(ms: number): string {
  return new Date(ms).toISOString().replaceAll(/[:.]/gu, "-");
}

/** All backups of a database, the newest first. */
export async function listBackups(file: string): Promise<Backup[]> {
  const found: Backup[] = [];
  for (const name of await namesOf(file)) {
    const stamp = NAME.exec(name.slice(baseOf(file).length))?.[1];
    const at = path.join(backupFolder(file), name);
    const facts = stamp && (await stat(at).catch(() => undefined));
    if (facts) found.push({ path: at, bytes: facts.size, madeAtMs: timeOf(stamp) });
  }
  return found.toSorted((a, b) => b.madeAtMs - a.madeAtMs);
}

/**
 * Makes one backup: whole, checked, synced, then named. Keeps the newest seven.
 * @param why small letters, digits and hyphens, for its name
 * @returns its path
 */
export async function makeBackup(file: string, why: string, clock: Clock): Promise<string> {
  const folder = backupFolder(file);
  await mkdir(folder, { recursive: true, mode: 0o750 });
  const name = `${baseOf(file)}${stampOf(clock.nowMs())}.${why}.sqlite`;
  const part = path.join(folder, `${name}.${randomBytes(4).toString("hex")}.part`);
  try {
    await copyDatabase(file, part);
    await publishFile(part, path.join(folder, name));
  } finally {
    for (const ending of ["", "-journal"]) await rm(`${part}${ending}`, { force: true });
  }
  await prune(file, clock);
  return path.join(folder, name);
}

/** True when no backup is younger than a day. One with a time that is still to come says nothing: a clock was wrong. */
export async function isBackupDue(file: string, clock: Clock): Promise<boolean> {
  const nowMs = clock.nowMs();
  const ages = (await listBackups(file)).map(({ madeAtMs }) => nowMs - madeAtMs);
  return !ages.some((ageMs) => ageMs >= 0 && ageMs < DAY_MS);
}

async function prune(file: string, clock: Clock): Promise<void> {
  const nowMs = clock.nowMs();
  const rank = ({ madeAtMs }: Backup): number => (madeAtMs > nowMs ? 0 : madeAtMs);
  const old = (await listBackups(file)).toSorted((a, b) => rank(b) - rank(a)).slice(KEPT);
  for (const backup of old) await rm(backup.path, { force: true });
  await removeUnfinished(file, nowMs);
  await syncFolder(backupFolder(file));
}

/** What a crash in the midst of a backup left. A young one may be another process at work. */
async function removeUnfinished(file: string, nowMs: number): Promise<void> {
  const folder = backupFolder(file);
  for (const name of await namesOf(file)) {
    if (!/\.part(-journal)?$/u.test(name)) continue;
    const facts = await stat(path.join(folder, name)).catch(() => undefined);
    if (facts && nowMs - facts.mtimeMs > DAY_MS) await rm(path.join(folder, name), { force: true });
  }
}

/** Everything in the folder that belongs to the database. */
async function namesOf(file: string): Promise<string[]> {
  const names = await readdir(backupFolder(file)).catch(() => []);
  return names.filter((name) => name.startsWith(baseOf(file)));
}

function baseOf(file: string): string {
  return `${path.basename(file, path.extname(file))}.`;
}

function timeOf(stamp: string): number {
  return Date.parse(stamp.replace(/T(\d\d)-(\d\d)-(\d\d)-(\d{3})Z/u, "T$1:$2:$3.$4Z"));
}
