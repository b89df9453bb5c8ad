import { expect, it } from "vitest";
import { PlayLog } from "../../src/db/play-log.ts";
import type { Database } from "../../src/db/schema.ts";
import { countOldPlays, forgetOldPlays } from "../../src/maintenance/old-plays.ts";
import { type Step, TaskRecord } from "../../src/maintenance/record.ts";
import { freshDatabase, PROFILE } from "../db/database.ts";
import { FakeClock } from "../fakes/clock.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const NOW_MS = Date.UTC(2026, 5, 1);

/** 2,500 plays before the last 400 days, one for each of the last 401. */
async function setUp() {
  const db: Database = await freshDatabase();
  const ages = [
    ...Array.from({ length: 2_500 }, (_, at) => 401 + at / 10),
    ...Array.from({ length: 401 }, (_, at) => at),
  ];
  const play = {
    guild_id: "g",
    key: "k",
    profile_id: PROFILE.id,
    outcome: "hit",
    waited_ms: 1,
    bytes_saved: 1,
  } as const;
  for (let from = 0; from < ages.length; from += 500)
    await db
      .insertInto("plays")
      .values(
        ages
          .slice(from, from + 500)
          .map((days, at) => ({ ...play, id: `${from + at}`, at_ms: Math.round(NOW_MS - days * DAY_MS) })),
      )
      .execute();
  const plays = new PlayLog(db);
  const deps = { plays, statisticsDays: 400, clock: new FakeClock(NOW_MS) };
  const steps: Step[] = [];
  const record = new TaskRecord([{ onStep: (step) => steps.push(step) }]);
  const run = (dryRun: boolean, signal = new AbortController().signal): Promise<void> =>
    forgetOldPlays(deps, { record, dryRun, signal });
  return { plays, deps, steps, record, run };
}

it("forgets what is older than it may be, in bounded steps, and leaves the last 30 days as they are", async () => {
  const { plays, deps, steps, record, run } = await setUp();
  const lately = await plays.countSince(NOW_MS - 30 * DAY_MS);
  expect(await countOldPlays(deps)).toBe(2_500);
  await run(false);
  expect(steps.map(({ count, subject }) => [count, subject])).toEqual(
    [1_000, 1_000, 500].map((count) => [count, "plays before 2025-04-27"]),
  );
  expect(record.done).toEqual([{ action: "forgotten", reason: "statistics", count: 2_500, bytes: 0 }]);
  expect(await countOldPlays(deps)).toBe(0);
  expect((await plays.countSince(0)).hits).toBe(401);
  expect(await plays.countSince(NOW_MS - 30 * DAY_MS)).toEqual(lately);
});

it("counts the same in a dry run, and changes nothing", async () => {
  const { plays, record, run } = await setUp();
  await run(true);
  expect(record.done).toEqual([{ action: "forgotten", reason: "statistics", count: 2_500, bytes: 0 }]);
  expect((await plays.countSince(0)).hits).toBe(2_901);
});

it("stops when told to", async () => {
  const { plays, run } = await setUp();
  await expect(run(false, AbortSignal.abort())).rejects.toMatchObject({ code: "ABORTED" });
  expect((await plays.countSince(0)).hits).toBe(2_901);
});
