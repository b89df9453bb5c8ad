import { expect, it, onTestFinished, vi } from "vitest";
import { type Chore, isDaily, isHourly, isNightly, Schedule } from "../../src/maintenance/schedule.ts";
import { FakeClock } from "../fakes/clock.ts";
import { Gate } from "../fakes/gate.ts";
import { RecordingLogger } from "../fakes/logger.ts";

const HOUR_MS = 60 * 60 * 1000;
const at = (day: number, hour: number): number => new Date(2026, 0, day, hour).getTime();

it.each([
  ["before the night", undefined, at(2, 3), false],
  ["in the first night", undefined, at(2, 4), true],
  ["again in the same night", at(2, 4), at(2, 5), false],
  ["the next day before the hour", at(2, 4), at(3, 3), false],
  ["the next night", at(2, 4), at(3, 4), true],
  ["late, when the bot was off at night", at(2, 4), at(3, 20), true],
])("does nightly work %s", (_when, last, now, due) => {
  expect(isNightly(last, now)).toBe(due);
});

it("counts hours and days, and does not wait for ever when the clock was set back", () => {
  expect([isHourly(undefined, 5), isHourly(0, HOUR_MS - 1), isHourly(0, HOUR_MS)]).toEqual([
    true,
    false,
    true,
  ]);
  expect([isDaily(0, 23 * HOUR_MS), isDaily(0, 24 * HOUR_MS), isDaily(48 * HOUR_MS, 0)]).toEqual([
    false,
    true,
    true,
  ]);
});

function setUp(chores: readonly Chore[]): { schedule: Schedule; clock: FakeClock; log: RecordingLogger } {
  const notes = new Map<string, string>();
  const memory = {
    get: async (name: string) => notes.get(name),
    set: async (name: string, value: string) => void notes.set(name, value),
  };
  const clock = new FakeClock();
  const log = new RecordingLogger();
  const schedule = new Schedule({ chores, memory, clock, log });
  onTestFinished(() => schedule.close());
  return { schedule, clock, log };
}

it("does each chore when it is due, and the others although one fails", async () => {
  const work = vi.fn<Chore["work"]>(async () => undefined);
  const failing = vi.fn<Chore["work"]>(() => Promise.reject(new Error("no")));
  const { schedule, clock, log } = setUp([
    { name: "bad", isDue: isHourly, work: failing },
    { name: "good", isDue: isHourly, work },
  ]);
  await schedule.tick();
  await schedule.tick();
  expect([work, failing].map((each) => each.mock.calls.length)).toEqual([1, 1]);
  expect(log.named("cache.chore_failed")).toMatchObject([{ chore: "bad" }]);
  clock.advance(HOUR_MS);
  await schedule.tick();
  expect(work).toHaveBeenCalledTimes(2);
});

it("does nothing twice at once, and stops what runs when it is closed", async () => {
  const gate = new Gate();
  const stopped = vi.fn<() => void>();
  const work = vi.fn<Chore["work"]>(async (signal) => {
    signal.addEventListener("abort", stopped);
    await gate.pass();
  });
  const later = vi.fn<Chore["work"]>(async () => undefined);
  const { schedule } = setUp([
    { name: "long", isDue: () => true, work },
    { name: "later", isDue: () => true, work: later },
  ]);
  const ticks = [schedule.tick(), schedule.tick()];
  await gate.reached;
  const closed = schedule.close();
  expect(stopped).toHaveBeenCalledOnce();
  gate.open();
  await Promise.all([closed, ...ticks]);
  expect([work.mock.calls.length, later.mock.calls.length]).toEqual([1, 0]);
});
