import { rm } from "node:fs/promises";
import { expect, it } from "vitest";
import { scrub } from "../../src/maintenance/scrub.ts";
import { PROFILE } from "../db/database.ts";
import { type CacheLab, openLab, realPackets, refOf, songId } from "./cache-lab.ts";

const subjects = (steps: readonly { subject: string }[]): string[] => steps.map(({ subject }) => subject);

async function places(
  lab: CacheLab,
  count: number,
  after?: string,
): Promise<{ next: string | undefined; read: string[]; repaired: string[] }> {
  let next: string | undefined;
  const told = await lab.run(async (task) => {
    next = await scrub(lab.deps, task, { count, after });
  });
  return { next, read: subjects(told.reports), repaired: subjects(told.steps) };
}

it("reads every file once before it comes round", async () => {
  const lab = await openLab(await realPackets());
  await lab.songs(1, 2, 3, 4, 5);
  const first = await places(lab, 2);
  expect(first).toEqual({
    next: `${PROFILE.id}/${songId(2)}`,
    read: [refOf(1), refOf(2)],
    repaired: [],
  });
  const second = await places(lab, 2, first.next);
  expect(second.read).toEqual([refOf(3), refOf(4)]);
  const third = await places(lab, 2, second.next);
  expect(third).toEqual({ next: undefined, read: [refOf(5)], repaired: [] });
});

it("sets what is damaged aside, and goes on where a song was that is gone", async () => {
  const lab = await openLab(await realPackets());
  await lab.songs(1, 2, 3);
  await lab.file(2, "torn");
  await rm(lab.path("audio", refOf(3)));
  const { repaired, next } = await places(lab, 4, `${PROFILE.id}/${songId(1)}`);
  expect([repaired, next]).toEqual([[refOf(2), refOf(3)], undefined]);
  expect(await lab.names("quarantine")).toHaveLength(1);
  expect((await places(lab, 4)).read).toEqual([refOf(1)]);
});
