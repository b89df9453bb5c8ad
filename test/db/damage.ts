/** What can happen to a database file, by chance that can be repeated. */
import { spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { open } from "node:fs/promises";
import * as path from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/** Numbers from 0 to 1 by a seed that is printed and can be given again: `FLIP_SEED=… npm test`. */
export function seededRandom(what: string): () => number {
  const seed = Number(process.env["FLIP_SEED"] ?? randomInt(2 ** 31));
  process.stdout.write(`${what} with seed ${seed}\n`);
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Damages every other page but the first. */
export async function flipPages(file: string): Promise<void> {
  const random = seededRandom("pages flipped");
  const handle = await open(file, "r+");
  const { size } = await handle.stat();
  for (let page = 1; page < size / 4096; page += 2)
    await handle.write(Buffer.alloc(512, 0x40 + Math.floor(random() * 128)), 0, 512, page * 4096);
  await handle.close();
}

/** Ends a process while it opens and backs up the database, after so long; true = it was still at it. */
export async function killWhileOpening(file: string, afterMs: number): Promise<boolean> {
  const script = path.join(import.meta.dirname, "opening-process.ts");
  const child = spawn(process.execPath, [script, file], { stdio: ["ignore", "pipe", "inherit"] });
  const closed = once(child, "close");
  await once(child.stdout, "data");
  await delay(afterMs);
  child.kill("SIGKILL");
  await closed;
  return child.signalCode === "SIGKILL";
}
