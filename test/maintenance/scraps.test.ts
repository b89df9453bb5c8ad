import { mkdir, utimes } from "node:fs/promises";
import { expect, it } from "vitest";
import {
  findScraps,
  removeScraps,
  type ScrapCategory,
  type ScrapDeps,
} from "../../src/maintenance/scraps.ts";
import { PROFILE } from "../db/database.ts";
import { type CacheLab, keyOf, openLab, realPackets, songId } from "./cache-lab.ts";

const depsOf = (lab: CacheLab): ScrapDeps => ({
  ...lab.deps,
  folders: {
    work: lab.path("work"),
    quarantine: lab.path("quarantine"),
    logs: lab.path("logs"),
    originals: lab.path("originals"),
  },
});
const names = async (lab: CacheLab, category: ScrapCategory, how: "aged" | "all"): Promise<string[]> =>
  (await findScraps(depsOf(lab), category, how)).map(({ name }) => name);

it("takes of the usual clean-up only what has aged", async () => {
  const lab = await openLab([]);
  await lab.write("quarantine/new", "x");
  await utimes(await lab.write("quarantine/old", "x"), 1, 1);
  await lab.write("originals/abc.src", "x");
  expect(await names(lab, "quarantine", "aged")).toEqual(["old"]);
  expect(await names(lab, "quarantine", "all")).toEqual(["new", "old"]);
  expect(await names(lab, "originals", "aged")).toEqual([]);
  expect(await names(lab, "logs", "aged")).toEqual([]);
});

it("takes a kept download with the last file of its song", async () => {
  const lab = await openLab(await realPackets());
  await lab.songs(1, 2);
  for (const number of [1, 2, 3]) await lab.write(`originals/${songId(number)}.src`, "x");
  expect(await names(lab, "originals", "aged")).toEqual([`${songId(3)}.src`]);
  await lab.index.markEvicted(keyOf(1), PROFILE.id);
  expect(await names(lab, "originals", "aged")).toEqual([`${songId(1)}.src`, `${songId(3)}.src`]);
  await lab.leases.tryAcquire(`key:${songId(1)}`, 60_000);
  expect(await names(lab, "originals", "aged")).toEqual([`${songId(3)}.src`]);
});

it("takes no download and no scratch file of a song that somebody is busy with", async () => {
  const lab = await openLab([]);
  const lease = await lab.leases.tryAcquire(`key:${songId(1)}`, 60_000);
  for (const number of [1, 2]) {
    await lab.write(`originals/${songId(number)}.src`, "x");
    await lab.write(`work/${songId(number)}.1-aaaaaaaaaaaa.src`, "x");
  }
  expect(await names(lab, "originals", "all")).toEqual([`${songId(2)}.src`]);
  expect(await names(lab, "work", "all")).toEqual([`${songId(2)}.1-aaaaaaaaaaaa.src`]);
  expect(lease).toBeDefined();
});

it("looks again before it removes, and goes on after what it cannot remove", async () => {
  const lab = await openLab([]);
  for (const name of ["a", "b"]) await lab.write(`quarantine/${name}`, "xx");
  await mkdir(lab.path("quarantine/c"));
  const scraps = [
    ...(await findScraps(depsOf(lab), "quarantine", "all")),
    { category: "quarantine" as const, name: "gone", bytes: 5 },
  ];
  const { record } = await lab.run((task) => removeScraps(depsOf(lab), scraps, task));
  expect(record.done).toEqual([{ action: "removed", reason: "quarantine", count: 2, bytes: 4 }]);
  expect(record.failures).toMatchObject([{ subject: "quarantine/c", code: "CACHE_UNWRITABLE" }]);
  expect(await lab.names("quarantine")).toEqual(["c"]);
});
