/** Imports an older cache that consists of one download. */
import { copyFile, mkdir, readdir } from "node:fs/promises";
import * as path from "node:path";
import { newWorkToken } from "../../../src/cache/work-folder.ts";
import { applyImport, type ImportDeps, planImport } from "../../../src/maintenance/import.ts";
import { TaskRecord } from "../../../src/maintenance/record.ts";
import { quickTranscoder } from "./quick-transcoder.ts";
import type { SharedCache } from "./shared-cache.ts";
import { ffmpeg, type Material, NEVER, PROFILE } from "./songs.ts";

/** Puts the download of a song into a folder beside the cache and takes it over by moving. Returns what was left. */
export async function takeOver(shared: SharedCache, material: Material, id: string): Promise<string[]> {
  const folder = `${shared.folder}-old`;
  await mkdir(folder, { recursive: true });
  await copyFile(material.sourceFile, path.join(folder, `youtube-${id}-Some title.webm`));
  const deps: ImportDeps = {
    ...shared.reconcileDeps,
    log: shared.log,
    transcoder: { ...ffmpeg, ...quickTranscoder(material) },
    workPath: (key) => shared.at("work", `${key}.${newWorkToken()}.opus`),
    hasRoom: () => Promise.resolve(true),
    limits: { maxDurationMs: 60_000 },
  };
  const task = { record: new TaskRecord([]), dryRun: false, signal: NEVER };
  const plan = await planImport(deps, task, { folder, profile: PROFILE, ownFolders: [shared.folder] });
  await applyImport(deps, task, { plan, profile: PROFILE, move: true });
  const left = await readdir(folder);
  if (left.length > 0) left.push(JSON.stringify(task.record.seen));
  return [...task.record.failures.map(({ code, detail }) => `${code} ${detail}`), ...left];
}
