import { expect, it } from "vitest";
import { MaintenanceLog } from "../../src/db/maintenance-log.ts";
import { PlayLog } from "../../src/db/play-log.ts";
import { cacheStatus, type StatusDeps, warningsFor } from "../../src/maintenance/status.ts";
import { PROFILE } from "../db/database.ts";
import { type CacheLab, keyOf, openLab, realPackets } from "./cache-lab.ts";

const GIB = 1024 ** 3;
const depsOf = (lab: CacheLab): StatusDeps => ({
  ...lab.deps,
  plays: new PlayLog(lab.db),
  runs: new MaintenanceLog(lab.db),
  folders: {
    work: lab.path("work"),
    quarantine: lab.path("quarantine"),
    logs: lab.path("logs"),
    originals: lab.path("originals"),
  },
  rules: {
    limitBytes: 100_000,
    freeDiskFloorBytes: GIB,
    maxTrackDurationMs: 3_600_000,
    currentProfiles: new Set(),
  },
  keepRules: () => Promise.resolve([]),
  freeDiskBytes: () => Promise.resolve(5 * GIB),
});

it("counts songs, orphans, scraps and plays of today and the last 30 days", async () => {
  const lab = await openLab(await realPackets());
  await lab.songs(1, 2);
  await lab.file(3);
  await lab.write("work/x", "12345");
  const plays = new PlayLog(lab.db);
  const play = { guildId: "g", key: keyOf(1), profileId: PROFILE.id, waitedMs: 1, bytesSaved: 0 };
  const nowMs = lab.clock.nowMs();
  for (const [outcome, daysAgo] of [
    ["hit", 0],
    ["miss", 10],
    ["shared", 10],
    ["miss", 40],
  ] as const)
    await plays.record({ ...play, outcome, atMs: nowMs - daysAgo * 24 * 60 * 60 * 1000 });
  const bytes = lab.bytesOf(1).length;
  expect(await cacheStatus(depsOf(lab))).toMatchObject({
    files: 2,
    bytes: 2 * bytes,
    profiles: [{ profileId: PROFILE.id, isStale: true, files: 2, limitShare: (2 * bytes) / 100_000 }],
    orphans: { count: 1, bytes },
    scraps: { work: { count: 1, bytes: 5 }, originals: { count: 0, bytes: 0 } },
    today: { hits: 1, misses: 0, hitRate: 1 },
    last30Days: { hits: 1, misses: 1, shared: 1, hitRate: 2 / 3 },
    lastRuns: [],
    warnings: [],
  });
});

it.each([
  [0.89, 5, []],
  [0.9, 5, ["90 % full"]],
  [1.2, 5, ["120 % full"]],
  [0.1, 1.05, ["nearly too full"]],
  [0.1, 0.5, ["too full to store"]],
])("warns at %d of the limit with %d GiB free: %j", (share, freeGib, expected) => {
  const warnings = warningsFor({
    bytes: share * 10 * GIB,
    limitBytes: 10 * GIB,
    freeDiskBytes: freeGib * GIB,
    freeDiskFloorBytes: GIB,
  });
  expect(warnings).toHaveLength(expected.length);
  for (const [at, part] of expected.entries()) expect(warnings[at]?.text).toContain(part);
});
