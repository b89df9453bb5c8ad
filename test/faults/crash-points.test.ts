/** Processes that share one cache are killed at every step and at any moment; nothing is lost and nothing is left. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ownerId } from "../../src/process/identity.ts";
import type { Deed, WorkerTask } from "./crash-worker.ts";
import { disagreements, snapshot } from "./lab/agreement.ts";
import { crashRun, listen, startWorker, STEPS } from "./lab/crash-run.ts";
import { quickTranscoder } from "./lab/quick-transcoder.ts";
import { SharedCache } from "./lab/shared-cache.ts";
import { loadMaterial, makeMaterial, type Material, song, songId } from "./lab/songs.ts";

const KILLS = 200;
const SEED = Number(process.env["ENCORE_FAULTS_SEED"] ?? 20_261_120);

let home: string;
let material: Material;

beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), "encore-crash-"));
  await makeMaterial(home);
  material = await loadMaterial(home);
});
afterAll(() => rm(home, { recursive: true, force: true }));

/** One process with one song that ends itself at a step; what it said went wrong. */
async function die(task: Partial<WorkerTask> & Pick<WorkerTask, "folder">): Promise<string[]> {
  const said: string[] = [];
  const child = startWorker({ material: home, seed: 1, songs: 1, ...task });
  await listen(child, (line) => void ("violation" in line && said.push(line.violation)));
  expect(child.signalCode).toBe("SIGKILL");
  return said;
}

/** Expects that one reconcile leaves nothing wrong, a second one nothing to do, and that the song plays. */
async function expectWell(folder: string): Promise<void> {
  const shared = await SharedCache.open(folder, { material, transcoder: quickTranscoder(material) });
  try {
    await shared.reconcile();
    const found = (await disagreements(shared, material)).filter(
      (sentence) => !sentence.includes("sounds like"),
    );
    expect(found).toEqual([]);
    const settled = await snapshot(shared);
    expect((await shared.reconcile()).steps).toEqual([]);
    expect(await snapshot(shared)).toBe(settled);
    const { audio, packets } = await shared.hear(song(0));
    expect(audio.isStored).toBe(true);
    expect(packets.length).toBeGreaterThan(25);
  } finally {
    await shared.close();
  }
}

describe("a process that dies at a step", () => {
  const fills = STEPS.filter((step) => step.startsWith("M"));
  it.each(fills)("%s, with the real ffmpeg, costs at most the song it was making", async (step) => {
    const folder = path.join(home, step.split(" ")[0] ?? "");
    await mkdir(folder);
    const killAt = { step, nth: 1 };
    expect(await die({ folder, killAt, plan: ["play"], realFfmpeg: true })).toEqual([]);
    await expectWell(folder);
  });

  const removals = STEPS.filter((step) => step.startsWith("E"));
  it.each(removals)("%s, leaves nothing that the next run does not finish", async (step) => {
    const folder = path.join(home, step.split(" ")[0] ?? "");
    await mkdir(folder);
    const plan: Deed[] = ["play", "clear"];
    expect(await die({ folder, killAt: { step, nth: 1 }, plan })).toEqual([]);
    await expectWell(folder);
  });
});

/** Plays a song beside the mark of another download; what was said. */
async function playBeside(name: string, owner: string): Promise<string[]> {
  const folder = path.join(home, name, "cache");
  const holders = path.join(home, name, "holders");
  for (const made of [folder, holders]) await mkdir(made, { recursive: true });
  await writeFile(path.join(holders, [songId(0), ...owner.split("/")].join(" ")), "");
  return die({ folder, killAt: { step: "M12 cleaned up", nth: 1 }, plan: ["play"] });
}

describe("two downloads of one song", () => {
  it("are seen when both processes live", async () => {
    expect(await playBeside("both", ownerId())).toEqual([expect.stringContaining("two downloads at once")]);
  });

  it("are not seen in what a killed process left, whose pid has come back", async () => {
    expect(await playBeside("one", ownerId().replace(/[^/]+$/u, "1"))).toEqual([]);
  });
});

describe("three processes on one folder", () => {
  it(`survive ${KILLS} kills without a wrong byte, a lost row or a leftover`, async () => {
    const summary = await crashRun({ kills: KILLS, seed: SEED });
    process.stdout.write(`crash points: ${JSON.stringify(summary)}\n`);
    expect(summary.violations).toEqual([]);
    expect(summary.kills).toBeGreaterThanOrEqual(KILLS);
  }, 300_000);
});
