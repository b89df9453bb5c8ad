/**
 * A process whose callers ask for the same songs as those of other processes: `node race-worker.ts '{...}'`, see
 * {@link RaceTask}. Starts when a line comes in, tells what happened as JSON lines.
 */
import { existsSync, openSync, writeSync } from "node:fs";
import { once } from "node:events";
import * as path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { AppError, toAppError } from "../../src/core/errors.ts";
import type { Step } from "../../src/core/step.ts";
import { quickTranscoder } from "./lab/quick-transcoder.ts";
import { SharedCache } from "./lab/shared-cache.ts";
import { loadMaterial, packetsOf, song, songId, soundOf } from "./lab/songs.ts";

export interface RaceTask {
  readonly folder: string;
  readonly material: string;
  readonly songs: readonly number[];
  /** Callers for each song. */
  readonly callers: number;
  /** Default 4. */
  readonly songsAtOnce?: number;
  /** Songs whose first leader kills itself in the middle of its fill. */
  readonly killLeaderOf?: readonly number[];
  /** The source refuses everything once this many callers of this process wait. */
  readonly fails?: boolean;
  /** Sends itself to sleep, by SIGSTOP, when this step is told for the first time. */
  readonly sleepAt?: Step;
  /** Removes everything first instead of playing. */
  readonly clears?: boolean;
  readonly refreshes?: boolean;
  readonly ttlMs?: number;
  readonly beatMs?: number;
}

export type RaceLine =
  | { readonly ready: true }
  | { readonly download: string }
  | { readonly asleep: true }
  | { readonly served: number; readonly callers: number }
  | { readonly failed: string; readonly callers: number }
  | { readonly violation: string };

const task = JSON.parse(process.argv[2] ?? "{}") as RaceTask;
const material = await loadMaterial(task.material);
let hasSlept = false;
const { ttlMs, beatMs } = task;
const shared = await SharedCache.open(task.folder, {
  material,
  transcoder: quickTranscoder(material),
  onStep: sleepAt,
  ...(ttlMs !== undefined && { ttlMs }),
  ...(beatMs !== undefined && { beatMs }),
});
watchDownloads();
say({ ready: true });
await once(process.stdin, "data");
process.stdin.destroy();

if (task.clears === true) await shared.clear();
const waiting = [...task.songs];
await Promise.all(Array.from({ length: task.songsAtOnce ?? 4 }, work));
await shared.close();

async function work(): Promise<void> {
  for (let number = waiting.shift(); number !== undefined; number = waiting.shift()) await ask(number);
}

async function ask(number: number): Promise<void> {
  const callers = Array.from({ length: task.callers }, () => askOnce(number));
  const codes = await Promise.all(callers);
  const failed = new Set(codes.filter((code) => code !== undefined));
  for (const code of failed) say({ failed: code, callers: codes.filter((other) => other === code).length });
  if (failed.size === 0) say({ served: number, callers: codes.length });
}

async function askOnce(number: number): Promise<string | undefined> {
  try {
    if (task.refreshes === true) await shared.refresh(song(number));
    const { packets, audio } = await shared.hear(song(number));
    if (soundOf(packets) !== soundOf(packetsOf(material, songId(number))))
      say({ violation: `${songId(number)} played wrong bytes, ${audio.outcome}` });
    return undefined;
  } catch (error) {
    return toAppError(error).code;
  }
}

function watchDownloads(): void {
  const { source } = shared;
  const download = source.download.bind(source);
  source.download = async (request, signal) => {
    say({ download: request.target.id });
    if (task.fails === true) {
      // Time for everybody to ask.
      await delay(100);
      throw new AppError("SOURCE_UNREACHABLE");
    }
    const done = await download(request, signal);
    if (dies(request.target.id)) process.kill(process.pid, "SIGKILL");
    return done;
  };
}

/** True for the first process that leads the fill of one of those songs. */
function dies(id: string): boolean {
  if (!(task.killLeaderOf ?? []).some((number) => songId(number) === id)) return false;
  const mark = path.join(task.material, `killed-${id}`);
  if (existsSync(mark)) return false;
  openSync(mark, "wx");
  return true;
}

function sleepAt(step: Step): void {
  if (step !== task.sleepAt || hasSlept) return;
  hasSlept = true;
  say({ asleep: true });
  process.kill(process.pid, "SIGSTOP");
}

function say(line: RaceLine): void {
  writeSync(1, `${JSON.stringify(line)}\n`);
}
