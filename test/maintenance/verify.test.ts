import { chmod, readFile, rm, writeFile } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { isSampled, verify, type VerifyOptions } from "../../src/maintenance/verify.ts";
import { PROFILE } from "../db/database.ts";
import { type CacheLab, openLab, realPackets, refOf, songId, type Told } from "./cache-lab.ts";

let packets: readonly Buffer[];
beforeAll(async () => {
  packets = await realPackets();
});

const run = (lab: CacheLab, options: Partial<VerifyOptions> = {}): Promise<Told> =>
  lab.run((task) =>
    verify(lab.deps, task, { share: 1, seed: "s", withLoudness: false, repair: false, ...options }),
  );

/** Turns one bit around. */
async function flip(lab: CacheLab, number: number, at: number): Promise<void> {
  const file = lab.path("audio", refOf(number));
  const bytes = await readFile(file);
  const place = at % bytes.length;
  bytes.writeUInt8(bytes.readUInt8(place) ^ 1, place);
  await chmod(file, 0o644);
  await writeFile(file, bytes);
}

describe("a sample", () => {
  it("is the same for the same seed and another for another", () => {
    const refs = Array.from({ length: 4_000 }, (_, number) => refOf(number));
    const taken = (seed: string): string[] => refs.filter((ref) => isSampled(ref, { share: 0.05, seed }));
    expect(taken("a")).toEqual(taken("a"));
    expect(taken("a")).not.toEqual(taken("b"));
    expect(taken("a").length).toBeGreaterThan(140);
    expect(taken("a").length).toBeLessThan(260);
  });

  it("takes all for 100 % and none for 0 %", () => {
    const all = { share: 1, seed: "x" };
    expect([isSampled("a", all), isSampled("a", { ...all, share: 0 })]).toEqual([true, false]);
  });
});

it("finds every flipped bit and no healthy file", async () => {
  const lab = await openLab(packets);
  const numbers = Array.from({ length: 60 }, (_, number) => number);
  await lab.songs(...numbers);
  const flipped = numbers.filter((number) => number % 3 === 0);
  for (const number of flipped) await flip(lab, number, 28 + number * 397);
  const told = await run(lab);
  const named = (action: string): string[] =>
    told.reports.filter((report) => report.action === action).map(({ subject }) => subject);
  expect(named("damaged")).toEqual(flipped.map((number) => refOf(number)));
  expect(named("sound")).toHaveLength(40);
  expect(told.steps).toEqual([]);
  expect(await lab.names("quarantine")).toEqual([]);
});

it("sets damaged files aside when told to repair, so that they are misses", async () => {
  const lab = await openLab(packets);
  await lab.songs(1, 2, 3, 4);
  await flip(lab, 1, 3_000);
  await lab.file(2, lab.bytesOf(2).subarray(0, 700));
  await rm(lab.path("audio", refOf(3)));
  const told = await run(lab, { repair: true });
  expect(told.steps.map(({ action, subject, reason }) => [action, subject, reason])).toEqual([
    ["set aside", refOf(1), "unreadable"],
    ["set aside", refOf(2), "another size"],
    ["healed", refOf(3), "row without file"],
  ]);
  expect(await lab.names("audio", PROFILE.id)).toEqual([`${songId(4)}.opus`]);
  expect(await lab.names("quarantine")).toHaveLength(2);
  expect((await lab.entry(1))?.state).toBe("evicted");
  expect((await run(lab, { repair: true })).record.seen).toEqual([
    { action: "sound", reason: "as it was published", count: 1, bytes: lab.bytesOf(4).length },
  ]);
});

it("notices a whole song that is not the one that was published", async () => {
  const lab = await openLab(packets);
  await lab.songs(1);
  await lab.file(1, lab.bytesOf(1, { TITLE: "Sang 1" }));
  expect((await run(lab)).reports).toMatchObject([{ action: "damaged", reason: "other bytes" }]);
});

it("leaves a file alone that was filled again while it was read", async () => {
  const lab = await openLab(packets);
  await lab.songs(1);
  await flip(lab, 1, 3_000);
  const deps = {
    ...lab.deps,
    transcoder: {
      ...lab.deps.transcoder,
      inspect: async (file: string, signal: AbortSignal) => {
        const error = await lab.deps.transcoder.inspect(file, signal).catch((thrown: unknown) => thrown);
        lab.clock.advance(5);
        await lab.songs(1);
        throw error;
      },
    },
  };
  const options = { share: 1, seed: "s", withLoudness: false, repair: true };
  const told = await lab.run((task) => verify(deps, task, options));
  expect(told.steps).toEqual([]);
  expect((await lab.entry(1))?.state).toBe("ready");
});

it("measures loudness only when asked to", async () => {
  const lab = await openLab(packets);
  await lab.songs(1);
  const loudness = { integratedLufs: -20, truePeakDbtp: -1 };
  await lab.db.updateTable("cache_entries").set({ integrated_lufs: loudness.integratedLufs }).execute();
  expect((await run(lab)).reports).toMatchObject([{ action: "sound" }]);
  expect((await run(lab, { withLoudness: true })).reports).toMatchObject([{ reason: "another loudness" }]);
  await lab.db.updateTable("cache_entries").set({ integrated_lufs: -14 }).execute();
  expect((await run(lab, { withLoudness: true })).reports).toMatchObject([{ action: "sound" }]);
});

it("reads 4 MiB songs quickly; the pace is printed", async () => {
  const lab = await openLab(Array.from({ length: 300 }, () => packets).flat());
  const numbers = Array.from({ length: 20 }, (_, number) => number);
  await lab.songs(...numbers);
  const startedAtMs = performance.now();
  const told = await run(lab);
  const perMinute = (numbers.length / (performance.now() - startedAtMs)) * 60_000;
  const mebibytes = (lab.bytesOf(0).length / 1024 / 1024).toFixed(1);
  process.stdout.write(`verify: ${Math.round(perMinute)} files of ${mebibytes} MiB a minute\n`);
  expect(told.record.seen[0]?.count).toBe(20);
});
