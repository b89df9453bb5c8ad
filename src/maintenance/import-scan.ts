// Reads the folder of an older cache: which files are which recordings, and which are whole. Changes nothing.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import * as path from "node:path";
import type { Examiner, SourceFacts } from "../audio/transcoder.ts";
import { throwIfAborted } from "../core/abort.ts";
import { type AudioProfile, parseProfileId } from "../core/audio-profile.ts";
import { toAppError } from "../core/errors.ts";
import { type CacheKey, cacheKey, isYoutubeId } from "../core/track.ts";
import type { CacheRows } from "../db/cache-rows.ts";
import { readFolder } from "./folder.ts";
import { readName } from "./import-names.ts";
import {
  type Condition,
  type Copy,
  type ImportPlan,
  type OldFile,
  planItems,
  type UnusableFile,
} from "./import-plan.ts";
import { inParallel } from "./in-parallel.ts";
import { condemns, type Task } from "./record.ts";

export interface ScanDeps {
  readonly rows: Pick<CacheRows, "find" | "track">;
  readonly transcoder: Examiner;
}

export interface ScanRequest {
  /** Absolute path of the old folder, without links. */
  readonly folder: string;
  readonly profile: AudioProfile;
}

/** Old caches are flat or nearly so. */
const MAX_DEPTH = 8;
/** Decoding is all this does; as many as there are cores on a small machine. */
const WIDTH = 2;
/** Databases and lists that name recordings. */
const INDEX_NAME = /\.(?:db|sqlite3?|json|txt)$/iu;
const MAX_INDEX_BYTES = 64 * 2 ** 20;
/** Far more than any old cache has; each costs memory. */
const MAX_IDS = 1_000_000;

/** Looks at every file and decides for each recording. @throws {AppError} `FFMPEG_MISSING`, `ABORTED` */
export async function scanOldCache(deps: ScanDeps, task: Task, request: ScanRequest): Promise<ImportPlan> {
  const files = await Array.fromAsync(walk(request.folder, "", MAX_DEPTH));
  const ids = await readIds(request.folder, files);
  const idOfHash = resolveHashes(files, ids);
  const copies: Copy[] = [];
  const present: OldFile[] = [];
  const unusable: UnusableFile[] = [];
  let done = 0;
  let bytes = 0;
  await inParallel(streamOf(files), WIDTH, async ({ isFile, ...file }) => {
    throwIfAborted(task.signal);
    const named = isFile ? nameFile(file, ids, idOfHash) : unusableFor(file, "not a regular file");
    const found = named.status === "named" ? await judge(deps, named, request, task.signal) : named;
    if (found.status === "unusable") unusable.push(found.file);
    else if (found.status === "copy") copies.push(found.copy);
    else present.push(file);
    done += 1;
    bytes += file.bytes;
    task.record.progress({ done, total: files.length, bytes });
  });
  const plan = planItems(copies);
  const { folder } = request;
  return {
    folder,
    items: plan.items,
    present,
    unusable: [...unusable, ...plan.unusable].toSorted(bySubject),
  };
}

interface Found extends OldFile {
  /** Not a link, a pipe or the like. */
  readonly isFile: boolean;
}

/** All files below a folder. */
async function* walk(root: string, below: string, depth: number): AsyncGenerator<Found, void, undefined> {
  for await (const { kind, name, bytes, modifiedAtMs } of readFolder(path.join(root, below))) {
    const subject = below === "" ? name : `${below}/${name}`;
    if (kind !== "folder") yield { subject, bytes, modifiedAtMs, isFile: kind === "file" };
    else if (depth > 0) yield* walk(root, subject, depth - 1);
  }
}

async function* streamOf<T>(items: readonly T[]): AsyncGenerator<T, void, undefined> {
  yield* items;
}

/**
 * Everything that may be an ID in the databases and lists of the old cache. SQLite puts a column's text directly
 * before the next column's, so of a longer run the beginning counts. As bytes, without opening a database that
 * another program may have open.
 */
async function readIds(folder: string, files: readonly Found[]): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  for (const { subject, bytes, isFile } of files) {
    if (!isFile || !INDEX_NAME.test(subject) || bytes > MAX_INDEX_BYTES) continue;
    const text = await readFile(path.join(folder, subject), "latin1").catch(() => "");
    for (const [run] of text.matchAll(/[\w-]{11,64}/gu)) {
      if (ids.size < MAX_IDS) ids.add(run.slice(0, 11));
    }
  }
  return ids;
}

/** Which of the IDs the files that are named by a hash stand for. */
function resolveHashes(files: readonly Found[], ids: ReadonlySet<string>): ReadonlyMap<string, string> {
  const wanted = new Set(files.map(({ subject }) => path.posix.basename(subject)));
  const found = new Map<string, string>();
  for (const id of ids) {
    const hash = createHash("sha512").update(id).digest("hex");
    if (wanted.has(hash)) found.set(hash, id);
  }
  return found;
}

interface Named {
  readonly status: "named";
  readonly file: OldFile;
  readonly key: CacheKey;
  readonly title: string | undefined;
  /** What its place says; its content may say more. */
  readonly condition: Condition;
}

interface Unusable {
  readonly status: "unusable";
  readonly file: UnusableFile;
}

type Judged = { readonly status: "copy"; readonly copy: Copy } | { readonly status: "present" } | Unusable;

function unusableFor(file: OldFile, reason: string): Unusable {
  return { status: "unusable", file: { ...file, reason } };
}

const REASONS = {
  unfinished: "an unfinished download",
  unnamed: "no video ID in its name",
  foreign: "not from YouTube",
} as const;

function nameFile(
  file: OldFile,
  ids: ReadonlySet<string>,
  idOfHash: ReadonlyMap<string, string>,
): Named | Unusable {
  const name = readName(file.subject, (id) => ids.has(id));
  if (name.status === "hashed") {
    const id = idOfHash.get(name.hash);
    if (id === undefined) return unusableFor(file, "named by a hash, and no list here has its video ID");
    // muse keeps what its own ffmpeg has coded.
    return { status: "named", file, key: youtubeKey(id), title: undefined, condition: "re-encoded" };
  }
  if (name.status !== "named") return unusableFor(file, REASONS[name.status]);
  if (!isYoutubeId(name.id)) return unusableFor(file, REASONS.unnamed);
  // A folder of another profile of this bot, or of an older one.
  const isNormalized = name.isNormalized || file.subject.split("/").some((part) => parseProfileId(part));
  const condition = isNormalized ? "normalized" : "original";
  return { status: "named", file, key: youtubeKey(name.id), title: name.title, condition };
}

function youtubeKey(id: string): CacheKey {
  return cacheKey({ source: "youtube", id });
}

/** Whether it is needed, and whether it is whole. */
async function judge(
  { rows, transcoder }: ScanDeps,
  { file, key, title, condition }: Named,
  { folder, profile }: ScanRequest,
  signal: AbortSignal,
): Promise<Judged> {
  if ((await rows.find(key, profile.id))?.state === "ready") return { status: "present" };
  const expectedMs = (await rows.track(key))?.durationMs ?? null;
  try {
    const facts = await transcoder.examine(path.join(folder, file.subject), expectedMs, signal);
    const { durationMs } = facts;
    return {
      status: "copy",
      copy: { ...file, key, title, condition: conditionOf(condition, facts), durationMs },
    };
  } catch (error) {
    if (!condemns(error)) throw error;
    return unusableFor(file, toAppError(error).code === "NOT_AUDIO" ? "not audio" : "not whole");
  }
}

/** YouTube gives WebM and M4A (and what was taken out of them uncoded, Ogg and AAC); all else was coded again. */
function conditionOf(condition: Condition, { container }: SourceFacts): Condition {
  return condition === "original" && /^(?:mp3|flac|wav)$/u.test(container) ? "re-encoded" : condition;
}

function bySubject(a: OldFile, b: OldFile): number {
  return a.subject < b.subject ? -1 : 1;
}
