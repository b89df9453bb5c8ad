// The commands that look and repair, and those for single songs.
import * as path from "node:path";
import { AppError } from "../../core/errors.ts";
import { formatBytes } from "../../core/format.ts";
import { type CacheKey, parseCacheKey } from "../../core/track.ts";
import { exportTrack } from "../../maintenance/export-track.ts";
import { reconcile as reconcileCache } from "../../maintenance/reconcile.ts";
import { verify as verifyFiles, type VerifyOptions } from "../../maintenance/verify.ts";
import { makeFolder } from "../folders.ts";
import { type Answer, type CommandContext, EXIT, runTask } from "./context.ts";
import { statusJson, statusLines } from "./status-text.ts";

/** Shows how the cache is. */
export async function status({ caretaker, width }: CommandContext): Promise<Answer> {
  const found = await caretaker.status();
  return { exitCode: EXIT.done, json: statusJson(found), lines: statusLines(found, width) };
}

/** Makes files and rows agree. */
export async function reconcile(context: CommandContext, options: { dryRun: boolean }): Promise<Answer> {
  const request = { kind: "reconcile", detail: "", label: "Checking", ...options };
  return runTask(context, request, (task) => reconcileCache(context.caretaker.deps, task));
}

/** Reads files again. */
export async function verify(context: CommandContext, options: VerifyOptions): Promise<Answer> {
  const { share, seed, withLoudness, repair } = options;
  const percent = Number((share * 100).toFixed(3));
  const detail = [
    `sample ${percent} %`,
    ...(share < 1 ? [`seed ${seed}`] : []),
    ...(withLoudness ? ["loudness"] : []),
    ...(repair ? ["repair"] : []),
  ].join(", ");
  const request = { kind: "verify", detail, label: "Reading", dryRun: false };
  const answer = await runTask(context, request, (task) =>
    verifyFiles(context.caretaker.deps, task, options),
  );
  const lines = share < 1 ? [`Sample of ${percent} %, seed ${seed}.`] : [];
  return { ...answer, json: { ...answer.json, share, seed }, lines: [...lines, ...answer.lines] };
}

/** Protects a song from clean-ups, or no longer. */
export async function pin(context: CommandContext, text: string, isPinned: boolean): Promise<Answer> {
  const key = keyOf(text);
  const { rows } = context.caretaker.deps;
  if ((await rows.ofKey(key)).length === 0) throw new AppError("NOT_CACHED", { key });
  const changed = await rows.pin(key, isPinned);
  const word = isPinned ? "pinned" : "unpinned";
  const sentence = changed === 0 ? `${key} was ${word} already.` : `${key} is ${word}.`;
  return { exitCode: EXIT.done, json: { key, pinned: isPinned, changed }, lines: [sentence] };
}

/** Copies a song to a folder. */
export async function exportSong(context: CommandContext, text: string, folder: string): Promise<Answer> {
  const { caretaker, config } = context;
  const { rows, folders } = caretaker.deps;
  const request = { key: keyOf(text), profileId: config.audio.profile.id, toFolder: path.resolve(folder) };
  const { file, bytes } = await exportTrack({ rows, audioFolder: folders.audio, makeFolder }, request);
  const lines = [`${file}  ${formatBytes(bytes)}`];
  return { exitCode: EXIT.done, json: { key: request.key, file, bytes }, lines };
}

/** @throws {AppError} `NOT_AN_ID` */
function keyOf(text: string): CacheKey {
  const key = parseCacheKey(text)?.key;
  if (!key) throw new AppError("NOT_AN_ID", { text });
  return key;
}
