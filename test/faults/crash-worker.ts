/**
 * A process that plays, skips, evicts, clears and reconciles at random until it is killed, by itself at a named step
 * or from outside: `node crash-worker.ts '{...}'`, see {@link WorkerTask}. Tells what it saw as JSON lines.
 */
import { readdirSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import * as path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { toAppError } from "../../src/core/errors.ts";
import type { Step } from "../../src/core/step.ts";
import { isProvablyDead, ownerId } from "../../src/process/identity.ts";
import { seededRandom } from "../fakes/random.ts";
import { quickTranscoder } from "./lab/quick-transcoder.ts";
import { SharedCache } from "./lab/shared-cache.ts";
import { ffmpeg, live, loadMaterial, packetsOf, song, soundOf } from "./lab/songs.ts";

export interface WorkerTask {
  readonly folder: string;
  /** Where the material is. */
  readonly material: string;
  readonly seed: number;
  readonly songs: number;
  /** Ends itself, by SIGKILL, when this step is told for the nth time. */
  readonly killAt?: { readonly step: Step; readonly nth: number };
  /** Not given: as many as it can until it is killed. */
  readonly plan?: readonly Deed[];
  readonly realFfmpeg?: boolean;
}

export type Deed = "play" | "skip" | "together" | "refresh" | "evict" | "clear" | "reconcile";

/** What the process says, a line each. */
export type WorkerLine = { readonly ready: true } | { readonly violation: string } | { readonly did: string };

const WEIGHTS: Readonly<Record<Deed, number>> = {
  play: 50,
  together: 10,
  skip: 10,
  evict: 18,
  clear: 4,
  refresh: 6,
  reconcile: 8,
};
/** A worker that nobody kills ends by itself. */
const MOST_DEEDS = 400;

const task = JSON.parse(process.argv[2] ?? "{}") as WorkerTask;
const random = seededRandom(task.seed);
const material = await loadMaterial(task.material);
const holders = path.join(task.folder, "..", "holders");
await mkdir(holders, { recursive: true });
let toldBefore = 0;

const shared = await SharedCache.open(task.folder, {
  material,
  ...(task.realFfmpeg === true ? { transcoder: ffmpeg, live } : { transcoder: quickTranscoder(material) }),
  onStep: (step) => {
    if (step !== task.killAt?.step) return;
    toldBefore += 1;
    if (toldBefore === task.killAt.nth) process.kill(process.pid, "SIGKILL");
  },
});
watchDownloads();
say({ ready: true });

for (let count = 0; count < (task.plan?.length ?? MOST_DEEDS); count += 1) {
  const deed = task.plan?.[count] ?? pick();
  await perform(deed).catch((error: unknown) => {
    const { code, context, cause } = toAppError(error);
    say({ violation: `${deed} failed: ${code} ${JSON.stringify(context)} ${String(cause)}` });
  });
  say({ did: deed });
}
for (const { fields } of shared.log.events.filter(({ event }) => event === "cache.play_not_counted"))
  say({ violation: `a play was not counted: ${String(fields["error"])}` });
await shared.close();

function pick(): Deed {
  const sum = Object.values(WEIGHTS).reduce((a, b) => a + b, 0);
  let left = random() * sum;
  const found = Object.entries(WEIGHTS).find(([, weight]) => (left -= weight) < 0);
  return (found?.[0] ?? "play") as Deed;
}

async function perform(deed: Deed): Promise<void> {
  const number = Math.floor(random() * task.songs);
  if (deed === "play") return play(number);
  if (deed === "together") return void (await Promise.all([play(number), play(number), play(number + 1)]));
  if (deed === "skip") return skip(number);
  if (deed === "evict") return shared.maintenance.makeRoom(1 + Math.floor(random() * 20_000));
  if (deed === "clear") return unlessBusy(shared.clear());
  if (deed === "refresh") return shared.refresh(song(number));
  const { steps, failed } = await shared.reconcile();
  for (const { action, reason } of steps) say({ did: `${action}: ${reason}` });
  if (failed > 0) say({ violation: `a reconcile could not do ${failed} steps` });
}

/** Another process may be at it. */
async function unlessBusy(work: Promise<void>): Promise<void> {
  await work.catch((error: unknown) => {
    if (toAppError(error).code !== "BUSY_MAINTENANCE") throw error;
  });
}

async function play(number: number): Promise<void> {
  const track = song(number % task.songs);
  const { audio, packets } = await shared.hear(track);
  const isRight = task.realFfmpeg === true || soundOf(packets) === soundOf(packetsOf(material, track.id));
  if (!isRight) say({ violation: `${track.id} played wrong bytes, ${audio.outcome}` });
  // Heard to its end, it is not stored yet.
  if (audio.isArriving) await shared.settled(track);
  else if (!audio.isStored) say({ violation: `${track.id} was not stored` });
}

/** Gives up after a moment, at any point of the way. */
async function skip(number: number): Promise<void> {
  const skipped = new AbortController();
  const playing = shared.hear(song(number), skipped.signal);
  const pause = delay(random() * 15);
  await Promise.race([pause, playing.catch(() => undefined)]);
  skipped.abort();
  await playing.catch((error: unknown) => {
    if (toAppError(error).code !== "ABORTED") throw error;
  });
}

/**
 * Each download puts a mark with its process; another living one beside it means that two fill one key at once. The
 * mark of a killed process stays, so it says more than a pid: that comes back, and a killed one keeps it for a while.
 */
function watchDownloads(): void {
  const { source } = shared;
  const download = source.download.bind(source);
  source.download = async (request, signal) => {
    const { id } = request.target;
    const owners = readdirSync(holders).map((name) => name.split(" "));
    for (const [marked, ...owner] of owners)
      if (marked === id && !isProvablyDead(owner.join("/")))
        say({ violation: `two downloads at once: ${id} by ${owner.join("/")} and ${ownerId()}` });
    const mark = path.join(holders, [id, ...ownerId().split("/")].join(" "));
    writeFileSync(mark, "");
    try {
      return await download(request, signal);
    } finally {
      rmSync(mark, { force: true });
    }
  };
}

/** At once, so that a kill does not take away what was seen before it. */
function say(line: WorkerLine): void {
  writeSync(1, `${JSON.stringify(line)}\n`);
}
