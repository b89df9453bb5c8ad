import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { newWorkToken } from "../../src/cache/work-folder.ts";
import { systemClock } from "../../src/core/clock.ts";
import { KEY_LEASE, Leases } from "../../src/db/leases.ts";
import { sweepWork } from "../../src/maintenance/leftovers.ts";
import { freshDatabase } from "../db/database.ts";
import { holder } from "../db/holder.ts";

it("sweeps away scratch files whose keys nobody alive holds, whatever their process numbers", async () => {
  const work = await mkdtemp(path.join(tmpdir(), "encore-work-"));
  onTestFinished(() => rm(work, { recursive: true, force: true }));
  const db = await freshDatabase();
  const leases = new Leases(db, holder("one", { dead: new Set(["two"]) }));
  await leases.tryAcquire(`${KEY_LEASE}held0000000`, 1_000);
  await new Leases(db, holder("two")).tryAcquire(`${KEY_LEASE}died0000000`, 1_000);

  const gone = spawnSync(process.execPath, ["-e", ""]).pid;
  const [mine, theirs] = [newWorkToken(), newWorkToken(gone)];
  // The process of another container may have a number that nobody has here, or ours.
  const kept = [`held0000000.${theirs}.src`, `held0000000.${mine}.opus`, ".gitkeep", "notes.txt"];
  const leftovers = [
    `died0000000.${theirs}.src`,
    `-_-_-_-_-_-.${mine}.opus`,
    `direct.abc.${theirs}.src.part-Frag12.part`,
    `free0000000.${theirs}.src.ytdl`,
  ];
  for (const name of [...kept, ...leftovers]) await writeFile(path.join(work, name), "");
  await mkdir(path.join(work, `free0000000.${theirs}.src.parts`));

  const deps = { folders: { work }, leases, clock: systemClock };
  expect(await sweepWork(deps, new AbortController().signal)).toBe(leftovers.length + 1);
  expect((await readdir(work)).toSorted()).toEqual(kept.toSorted());
});
