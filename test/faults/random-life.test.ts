/** Random sequences of everything that may happen to a cache, compared step by step with a simple model of it. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { seededRandom } from "../fakes/random.ts";
import { Life } from "./lab/life.ts";
import { quickTranscoder } from "./lab/quick-transcoder.ts";
import { SharedCache } from "./lab/shared-cache.ts";
import { loadMaterial, makeMaterial, type Material } from "./lab/songs.ts";

const DEEDS = 100;
const SEEDS = [1, 2, 3, Number(process.env["ENCORE_FAULTS_SEED"] ?? Date.now() % 1_000_000)];

let home: string;
let material: Material;

beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), "encore-life-"));
  await makeMaterial(home);
  material = await loadMaterial(home);
});
afterAll(() => rm(home, { recursive: true, force: true }));

it.each(SEEDS)(`${DEEDS} random deeds do what the model says, seed %i`, async (seed) => {
  process.stdout.write(`random life: seed ${seed}\n`);
  const folder = path.join(home, `cache-${seed}`);
  const shared = await SharedCache.open(folder, { material, transcoder: quickTranscoder(material) });
  const life = new Life(shared, material, seededRandom(seed));
  const done: string[] = [];
  const live = async (): Promise<void> => {
    while (done.length < DEEDS) done.push(await life.step());
    await life.letGo();
    await life.reconcile();
  };
  await live().catch((error: unknown) => {
    process.stdout.write(`after ${done.join(", ")}\n`);
    throw error;
  });
  expect(done).toHaveLength(DEEDS);
  await shared.close();
});
