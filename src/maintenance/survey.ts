// Rows and files side by side, in order, without holding either whole: the reading half of `reconcile`.
import * as path from "node:path";
import { type ProfileId, parseProfileId } from "../core/audio-profile.ts";
import { type CacheKey, parseCacheKey } from "../core/track.ts";
import type { CacheRows } from "../db/cache-rows.ts";
import type { RankedEntry } from "../db/cache-index.ts";
import { type FolderEntry, readFolder } from "./folder.ts";

/** One thing the survey met. */
export type Find =
  | {
      readonly status: "pair";
      readonly key: CacheKey;
      readonly profileId: ProfileId;
      /** What the index says; `undefined` = nothing, or that the file is gone. */
      readonly row: RankedEntry | undefined;
      /** The regular file with the key's name; `undefined` = none. */
      readonly file: FolderEntry | undefined;
    }
  /** A sound file may hide under another name. */
  | { readonly status: "stray"; readonly profileId: ProfileId; readonly file: FolderEntry }
  /** Nothing of ours: reported, never touched. `subject` is a path below the audio folder. */
  | { readonly status: "foreign" | "in the way"; readonly subject: string; readonly file: FolderEntry };

/** The name that a recording's file has unless its row says another. */
export function nameOf(key: CacheKey, profileId: ProfileId): string {
  return `${profileId}/${key}.opus`;
}

/** Everything in the audio folder and every row that stands for a file, each once. */
export async function* survey(
  rows: Pick<CacheRows, "profiles" | "ofProfile">,
  audioFolder: string,
): AsyncGenerator<Find, void, undefined> {
  const profiles = new Set(await rows.profiles());
  for await (const entry of readFolder(audioFolder)) {
    const profileId = parseProfileId(entry.name);
    if (profileId && entry.kind === "folder") profiles.add(profileId);
    else if (entry.name !== ".gitkeep")
      yield { status: profileId ? "in the way" : "foreign", subject: entry.name, file: entry };
  }
  for (const profileId of [...profiles].toSorted()) yield* surveyProfile(rows, audioFolder, profileId);
}

/** Both come in the order of their keys, so one pass over each is enough. */
async function* surveyProfile(
  rows: Pick<CacheRows, "ofProfile">,
  audioFolder: string,
  profileId: ProfileId,
): AsyncGenerator<Find, void, undefined> {
  const waiting = new Waiting(rows.ofProfile(profileId));
  for await (const file of readFolder(path.join(audioFolder, profileId), stem)) {
    const key = file.name.endsWith(".opus") ? parseCacheKey(stem(file.name))?.key : undefined;
    if (key && file.kind === "file") {
      for await (const row of waiting.before(key)) yield rowOnly(row);
      yield { status: "pair", key, profileId, row: await waiting.take(key), file };
    } else yield oddName(profileId, file, key);
  }
  for await (const row of waiting.before(undefined)) yield rowOnly(row);
}

function rowOnly(row: RankedEntry): Find {
  return { status: "pair", key: row.key, profileId: row.profileId, row, file: undefined };
}

/** Rows in the order of their keys, of which the first can be looked at. */
class Waiting {
  readonly #rows: AsyncGenerator<RankedEntry, void, undefined>;
  #first: RankedEntry | undefined;
  #isRead = false;

  constructor(rows: AsyncGenerator<RankedEntry, void, undefined>) {
    this.#rows = rows;
  }

  /** The rows before a key; all that are left for `undefined`. */
  async *before(key: CacheKey | undefined): AsyncGenerator<RankedEntry, void, undefined> {
    for (;;) {
      const row = await this.#peek();
      if (!row || (key && row.key >= key)) return;
      this.#isRead = false;
      yield row;
    }
  }

  /** The row of a key, if it is the next one. */
  async take(key: CacheKey): Promise<RankedEntry | undefined> {
    const row = await this.#peek();
    if (row?.key !== key) return undefined;
    this.#isRead = false;
    return row;
  }

  async #peek(): Promise<RankedEntry | undefined> {
    if (!this.#isRead) {
      this.#first = (await this.#rows.next()).value ?? undefined;
      this.#isRead = true;
    }
    return this.#first;
  }
}

function oddName(profileId: ProfileId, file: FolderEntry, key: CacheKey | undefined): Find {
  if (file.kind === "file" && file.name.endsWith(".opus")) return { status: "stray", profileId, file };
  const status = key ? "in the way" : "foreign";
  return { status, subject: `${profileId}/${file.name}`, file };
}

function stem(name: string): string {
  return name.replace(/\.opus$/u, "");
}
