// Copies a song out of the cache under a name that people and file systems can read.
import { constants } from "node:fs";
import { copyFile } from "node:fs/promises";
import * as path from "node:path";
import { AppError } from "../core/errors.ts";
import type { CacheKey } from "../core/track.ts";
import type { RankedEntry } from "../db/cache-index.ts";
import type { CacheRows } from "../db/cache-rows.ts";

/** Most bytes of a name on common file systems are 255; the key and the ending come on top. */
const TITLE_BYTES = 150;
/** What Windows, macOS or a shell trips over, and what cannot be seen. */
const UNSAFE = /[\p{C}\p{Zl}\p{Zp}<>:"/\\|?*]/gu;

export interface ExportDeps {
  readonly rows: Pick<CacheRows, "ofKey" | "track">;
  /** Absolute path of the folder with the profiles' folders. */
  readonly audioFolder: string;
  /** Makes a folder when it is missing. */
  readonly makeFolder: (folder: string) => Promise<unknown>;
}

export interface ExportRequest {
  readonly key: CacheKey;
  /** The profile to take if there is a choice. */
  readonly profileId: string;
  /** Absolute path; made when missing. */
  readonly toFolder: string;
}

/**
 * Copies the file with the comments in it; never over another file.
 * @throws {AppError} `NOT_CACHED`, `EXPORT_FAILED`
 */
export async function exportTrack(
  deps: ExportDeps,
  { key, profileId, toFolder }: ExportRequest,
): Promise<{ readonly file: string; readonly bytes: number }> {
  const rows = (await deps.rows.ofKey(key)).filter((row) => row.state === "ready");
  const row: RankedEntry | undefined = rows.find((one) => one.profileId === profileId) ?? rows[0];
  if (!row) throw new AppError("NOT_CACHED", { key });
  const track = await deps.rows.track(key);
  const file = path.join(toFolder, exportName(key, track));
  const reasons = { EEXIST: "there is a file of that name already" };
  await attempt(deps.makeFolder(toFolder), toFolder, NO_FOLDER);
  await attempt(
    copyFile(path.join(deps.audioFolder, row.blobRef), file, constants.COPYFILE_EXCL),
    file,
    reasons,
  );
  return { file, bytes: row.bytes };
}

/** What is wrong with a folder, for those codes that say too little. */
const NO_FOLDER = {
  EEXIST: "a file is in the way",
  ENOENT: "no folder can be made there",
};

async function attempt(
  work: Promise<unknown>,
  file: string,
  reasons: Readonly<Record<string, string>>,
): Promise<void> {
  try {
    await work;
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown";
    throw new AppError("EXPORT_FAILED", { file, reason: reasons[code] ?? code }, { cause });
  }
}

/** `Artist - Title [key].opus`: no separators, no hidden names, no names that Windows keeps for itself. Pure. */
export function exportName(
  key: CacheKey,
  track: { readonly title: string; readonly artist: string } | undefined,
): string {
  const words = track ? [track.artist, track.title].filter((text) => text.trim() !== "").join(" - ") : "";
  const clean = words
    .normalize("NFC")
    .replaceAll(UNSAFE, " ")
    .replaceAll(/\s+/gu, " ")
    .replace(/^[ .~-]+/u, "")
    .trim();
  const title = cutBytes(clean, TITLE_BYTES).replace(/[ .]+$/u, "");
  return title === "" ? `[${key}].opus` : `${title} [${key}].opus`;
}

/** Between characters, never inside one. */
function cutBytes(text: string, most: number): string {
  let kept = "";
  for (const character of text) {
    if (Buffer.byteLength(kept + character) > most) break;
    kept += character;
  }
  return kept;
}
