import { mkdir, rm, symlink, utimes } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { Leases } from "../../src/db/leases.ts";
import { reconcile } from "../../src/maintenance/reconcile.ts";
import { sumOf } from "../../src/maintenance/record.ts";
import { judge } from "../../src/maintenance/settle.ts";
import { thisProcess } from "../../src/app/lease-holder.ts";
import { PROFILE } from "../db/database.ts";
import { type CacheLab, keyOf, openLab, realPackets, refOf, songId, type Told } from "./cache-lab.ts";

let packets: readonly Buffer[];
beforeAll(async () => {
  packets = await realPackets();
});

const run = (lab: CacheLab, options?: { dryRun?: boolean; signal?: AbortSignal }): Promise<Told> =>
  lab.run((task) => reconcile(lab.deps, task), options);
const steps = ({ steps: told }: Told): string[] =>
  told.map(({ action, subject, reason, detail }) => `${action} ${subject}: ${detail ?? reason}`).toSorted();
/** A holder that was killed. */
const deadLeases = (lab: CacheLab): Leases =>
  new Leases(lab.db, {
    ...thisProcess(),
    ownerId: thisProcess().ownerId.replace(/\d+\/\d+$/u, "999999999/1"),
  });

it.each([
  [undefined, undefined, "sound"],
  [undefined, 5, "check file"],
  [{ state: "ready", isLeaving: false, bytes: 5 }, 5, "sound"],
  [{ state: "ready", isLeaving: false, bytes: 5 }, 6, "check file"],
  [{ state: "ready", isLeaving: false, bytes: 5 }, undefined, "heal row"],
  [{ state: "evicting", isLeaving: false, bytes: 5 }, 5, "finish removal"],
  [{ state: "evicting", isLeaving: false, bytes: 5 }, undefined, "finish removal"],
  [{ state: "ready", isLeaving: true, bytes: 5 }, 5, "finish removal"],
] as const)("judges row %o with a file of %o bytes: %s", (row, bytes, verdict) => {
  expect(judge(row, bytes)).toBe(verdict);
});

it("finds nothing to do in a sound cache", async () => {
  const lab = await openLab(packets);
  await lab.songs(1, 2, 3);
  const before = await lab.state();
  const told = await run(lab);
  expect([told.steps, told.reports, told.record.failed]).toEqual([[], [], 0]);
  expect(await lab.state()).toEqual(before);
});

describe("rows and files that do not agree", () => {
  it("heals a row without a file and keeps its history", async () => {
    const lab = await openLab(packets);
    await lab.songs(1, 2);
    const entry = await lab.entry(1);
    if (entry) await lab.index.recordPlay(entry, 77, 1);
    await rm(lab.path("audio", refOf(1)));
    expect(steps(await run(lab))).toEqual([`healed ${refOf(1)}: row without file`]);
    expect(await lab.entry(1)).toMatchObject({ state: "evicted", playCount: 1, lastPlayedAtMs: 77 });
  });

  it("gives a checked file its row, and learns the title from it", async () => {
    const lab = await openLab(packets);
    await lab.songs(1);
    await lab.file(2);
    expect(steps(await run(lab))).toEqual([`adopted ${refOf(2)}: file without row`]);
    const { sha256, durationMs } =
      (await lab.deps.transcoder.inspect(lab.path("audio", refOf(2)), AbortSignal.timeout(9e3))) ?? {};
    expect(await lab.entry(2)).toMatchObject({ state: "ready", sha256, durationMs, blobRef: refOf(2) });
    expect(await lab.rows.track(keyOf(2))).toMatchObject({
      title: "Song 2",
      artist: "Somebody",
      id: songId(2),
    });
  });

  it.each([
    ["cut off", (whole: Buffer) => whole.subarray(0, whole.length - 40)],
    [
      "changed inside",
      (whole: Buffer) => Buffer.concat([whole.subarray(0, 900), Buffer.alloc(9), whole.subarray(909)]),
    ],
    ["empty", () => Buffer.alloc(0)],
  ])("sets a file without a row aside when it is %s", async (_how, change) => {
    const lab = await openLab(packets);
    await lab.file(1, change(lab.bytesOf(1)));
    expect(steps(await run(lab))).toEqual([`set aside ${refOf(1)}: unreadable`]);
    expect(await lab.names("audio", PROFILE.id)).toEqual([]);
    expect(await lab.names("quarantine")).toHaveLength(1);
  });

  it("heals the row of a file that was cut, and sets the file aside", async () => {
    const lab = await openLab(packets);
    await lab.songs(1);
    await lab.file(1, lab.bytesOf(1).subarray(0, 500));
    expect(steps(await run(lab))).toEqual([`set aside ${refOf(1)}: unreadable`]);
    expect((await lab.entry(1))?.state).toBe("evicted");
  });

  it("finishes removals that a crash broke off, but not of what plays", async () => {
    const lab = await openLab(packets);
    await lab.songs(1, 2, 3);
    for (const number of [1, 2, 3]) await lab.index.markEvicting(keyOf(number), PROFILE.id);
    await rm(lab.path("audio", refOf(2)));
    const done = lab.inUse.acquire(refOf(3));
    const told = await run(lab);
    expect(steps(told)).toEqual([1, 2].map((number) => `removed ${refOf(number)}: unfinished removal`));
    expect(told.reports).toMatchObject([{ action: "busy", subject: refOf(3) }]);
    done();
    expect(steps(await run(lab))).toEqual([`removed ${refOf(3)}: unfinished removal`]);
    expect(await lab.names("audio", PROFILE.id)).toEqual([]);
    expect((await lab.entry(1))?.state).toBe("evicted");
  });
});

it("knows the loudness of a file again when it measured the same bytes before", async () => {
  const lab = await openLab(packets);
  await lab.songs(1);
  await lab.index.markEvicted(keyOf(1), PROFILE.id);
  const before = await lab.entry(1);
  await run(lab);
  expect(await lab.entry(1)).toMatchObject({ state: "ready", loudness: before?.loudness });
});

describe("files under other names", () => {
  it("brings a song home by what it says inside", async () => {
    const lab = await openLab(packets);
    await lab.write(`audio/${PROFILE.id}/My song (copy).opus`, lab.bytesOf(1));
    expect(steps(await run(lab))).toEqual([`moved ${PROFILE.id}/My song (copy).opus: ${refOf(1)}`]);
    expect(await lab.names("audio", PROFILE.id)).toEqual([`${songId(1)}.opus`]);
    expect((await lab.entry(1))?.state).toBe("ready");
  });

  it("keeps one file per song and sets other copies aside", async () => {
    const lab = await openLab(packets);
    await lab.songs(1);
    for (const name of ["a.opus", "b.opus"]) await lab.write(`audio/${PROFILE.id}/${name}`, lab.bytesOf(1));
    for (const name of ["c d.opus", "e.opus"]) await lab.write(`audio/${PROFILE.id}/${name}`, lab.bytesOf(2));
    const { record } = await run(lab);
    expect([sumOf(record.done, "set aside").count, sumOf(record.done, "moved").count]).toEqual([3, 1]);
    expect(await lab.names("audio", PROFILE.id)).toEqual([1, 2].map((number) => `${songId(number)}.opus`));
    expect(await lab.names("quarantine")).toHaveLength(3);
  });

  it("prefers a whole copy to the damaged file with the right name", async () => {
    const lab = await openLab(packets);
    await lab.file(1, "torn");
    await lab.write(`audio/${PROFILE.id}/copy.opus`, lab.bytesOf(1));
    await run(lab);
    expect(await lab.names("audio", PROFILE.id)).toEqual([`${songId(1)}.opus`]);
    expect(await lab.entry(1)).toMatchObject({ state: "ready", bytes: lab.bytesOf(1).length });
  });

  it("never gives a song the name of another", async () => {
    const lab = await openLab(packets);
    await lab.file(1, lab.bytesOf(2));
    expect(steps(await run(lab))).toEqual([`moved ${refOf(1)}: ${refOf(2)}`]);
    expect(await lab.entry(1)).toBeUndefined();
    expect((await lab.entry(2))?.blobRef).toBe(refOf(2));
  });

  it("keeps a file whose row knows it under another name", async () => {
    const lab = await openLab(packets);
    await lab.songs(1);
    const ref = `${PROFILE.id}/${songId(1)}.2.opus`;
    await lab.write(`audio/${ref}`, lab.bytesOf(1));
    await lab.db.updateTable("cache_entries").set({ blob_ref: ref }).execute();
    expect(steps(await run(lab))).toEqual([`set aside ${refOf(1)}: ${songId(1)}`]);
    expect(await lab.entry(1)).toMatchObject({ state: "ready", blobRef: ref });
    expect(await lab.names("audio", PROFILE.id)).toEqual([`${songId(1)}.2.opus`]);
  });
});

describe("what is not ours", () => {
  it("is reported and never touched", async () => {
    const lab = await openLab(packets);
    await lab.songs(1);
    const folder = `audio/${PROFILE.id}`;
    await lab.write("audio/notes.txt", "mine");
    await lab.write(`${folder}/.DS_Store`, "x");
    await lab.write(`${folder}/holiday.opus`, "no song");
    await symlink(lab.path("audio/notes.txt"), lab.path(folder, `${songId(2)}.opus`));
    await mkdir(lab.path(folder, `${songId(3)}.opus`));
    await lab.row(3);
    const told = await run(lab);
    expect(steps(told)).toEqual([`healed ${refOf(3)}: row without file`]);
    expect(told.reports.map(({ action, subject }) => `${action} ${subject}`).toSorted()).toEqual([
      "foreign notes.txt",
      `foreign ${PROFILE.id}/.DS_Store`,
      `foreign ${PROFILE.id}/holiday.opus`,
      `in the way ${refOf(2)}`,
      `in the way ${refOf(3)}`,
    ]);
    expect(await lab.names(folder)).toHaveLength(5);
  });
});

describe("what dead processes left", () => {
  it("is swept; what a living one holds stays", async () => {
    const lab = await openLab(packets);
    const token = "12-aaaaaaaaaaaa";
    await lab.guard.run(
      songId(1),
      async () => {
        await deadLeases(lab).tryAcquire(`key:${songId(2)}`, 1e9);
        for (const number of [1, 2]) await lab.write(`work/${songId(number)}.${token}.src.part`, "half");
        await lab.write("work/strange", "new");
        await utimes(await lab.write("work/old", "old"), 1, 1);
        await lab.file(1);
        const told = await run(lab);
        expect(steps(told)).toEqual([
          `lease freed key:${songId(2)}: its holder is gone`,
          "removed work/old: leftover in work",
          `removed work/${songId(2)}.${token}.src.part: leftover in work`,
        ]);
        expect(told.reports).toMatchObject([{ action: "busy", subject: songId(1) }]);
        expect(await lab.names("work")).toEqual([`${songId(1)}.${token}.src.part`, "strange"]);
        expect((await lab.leases.held()).map(({ name }) => name)).toEqual([`key:${songId(1)}`]);
      },
      AbortSignal.timeout(30_000),
    );
  });
});

/** One fault of each kind. */
async function damage(lab: CacheLab): Promise<void> {
  await lab.songs(1, 2, 3, 4);
  await rm(lab.path("audio", refOf(1)));
  await lab.file(2, "torn");
  await lab.index.markEvicting(keyOf(3), PROFILE.id);
  await lab.file(10);
  await lab.file(11, "torn");
  await lab.write(`audio/${PROFILE.id}/x y.opus`, lab.bytesOf(12));
  await lab.write(`audio/${PROFILE.id}/z.opus`, lab.bytesOf(4));
  await lab.write(`work/${songId(9)}.1-aaaaaaaaaaaa.opus`, "x");
  await deadLeases(lab).tryAcquire("key:gone", 1e9);
}

it("changes nothing in a dry run, and says the same as the run itself", async () => {
  const lab = await openLab(packets);
  await damage(lab);
  const before = await lab.state();
  const promised = steps(await run(lab, { dryRun: true }));
  expect(await lab.state()).toEqual(before);
  expect(promised).toHaveLength(9);
  expect(steps(await run(lab))).toEqual(promised);
});

it("finds nothing left to do the second time", async () => {
  const lab = await openLab(packets);
  await damage(lab);
  await run(lab);
  const after = await lab.state();
  const again = await run(lab);
  expect(again.steps).toEqual([]);
  expect(await lab.state()).toEqual(after);
});

it("goes on after a file that cannot be read, and counts it", async () => {
  const lab = await openLab(packets);
  await lab.file(1);
  await lab.file(2);
  const inspect = lab.deps.transcoder.inspect.bind(lab.deps.transcoder);
  const deps = {
    ...lab.deps,
    transcoder: {
      ...lab.deps.transcoder,
      inspect: (file: string, signal: AbortSignal) =>
        file.includes(songId(1))
          ? Promise.reject(Object.assign(new Error("denied"), { code: "EACCES" }))
          : inspect(file, signal),
    },
  };
  const told = await lab.run((task) => reconcile(deps, task));
  expect(told.record.failures).toMatchObject([{ subject: refOf(1), detail: "EACCES" }]);
  expect(steps(told)).toEqual([`adopted ${refOf(2)}: file without row`]);
});

it("stops soon when told to", async () => {
  const lab = await openLab(packets);
  for (const number of [1, 2, 3, 4]) await lab.file(number);
  const stop = new AbortController();
  const told = lab.run((task) => {
    const inner = { ...task, signal: stop.signal };
    stop.abort();
    return reconcile(lab.deps, inner);
  });
  await expect(told).rejects.toMatchObject({ code: "ABORTED" });
  expect(await lab.names("audio", PROFILE.id)).toHaveLength(4);
});
