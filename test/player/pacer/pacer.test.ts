import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ArrivingSong, frames, never, PacerLab } from "./set-up.ts";

let lab: PacerLab;
beforeEach(() => {
  lab = new PacerLab();
});
afterEach(() => lab.end());

describe("the schedule of one guild", () => {
  it("begins at once and sends a frame every 20 ms without drifting", async () => {
    const { sink, lane } = lab.guild();
    void lane.play(new ArrivingSong("a", 1_000), never);
    expect(sink.heard).toEqual(["a0"]);
    await lab.pass(19_985);
    expect(sink.song).toHaveLength(1_000);
    const late = sink.song.map(({ atMs }, index) => Math.abs(atMs - sink.sent[0]!.atMs - index * 20));
    expect(Math.max(...late)).toBeLessThanOrEqual(1);
  });

  it("does not change when somebody sets the clock of the machine", async () => {
    const { sink, lane } = lab.guild();
    void lane.play(new ArrivingSong("a", 1_000), never);
    for (const wall of [3_600_000, -7_200_000]) {
      vi.setSystemTime(Date.now() + wall);
      await lab.pass(1_000);
    }
    expect(sink.song).toHaveLength(101);
    expect(Math.max(...sink.intervalsMs)).toBeLessThanOrEqual(21);
    expect(Math.min(...sink.intervalsMs)).toBeGreaterThanOrEqual(19);
  });

  it("after a stall of 3 s goes on where it was, with at most three frames at once", async () => {
    const { sink, lane } = lab.guild();
    void lane.play(new ArrivingSong("a", 1_000), never);
    await lab.pass(100);
    const before = sink.sent.length;
    await lab.stall(3_000);
    expect(sink.sent.length - before).toBe(3);
    await lab.pass(200);
    expect(sink.heard).toEqual(frames("a", 0, before + 3 + 10));
    expect(sink.intervalsMs.slice(before + 3).every((ms) => Math.abs(ms - 20) <= 1)).toBe(true);
    expect(lane.counts).toMatchObject({ caughtUp: 2, missed: 147 });
  });

  it("that stood still while nobody played has nothing to catch up with", async () => {
    const { sink, lane } = lab.guild();
    await Promise.all([lane.play(new ArrivingSong("a", 3), never), lab.pass(1_000)]);
    expect(vi.getTimerCount()).toBe(0);
    await lab.stall(60_000);
    const before = sink.sent.length;
    void lane.play(new ArrivingSong("b", 100), never);
    await lab.pass(100);
    expect(sink.heard.slice(before)).toEqual(frames("b", 0, 6));
    expect(lane.counts).toMatchObject({ caughtUp: 0, missed: 0, late20: 0 });
  });
});

describe("many guilds", () => {
  it("are spread over the 20 ms, also when all begin at once, and each has all its frames", async () => {
    const guilds = Array.from({ length: 500 }, () => lab.guild());
    for (const { lane } of guilds) void lane.play(new ArrivingSong("a", 1_000), never);
    await lab.pass(1_000);
    const lastRound = guilds.map(({ sink }) => sink.sent.at(-1)!.atMs);
    const together = Map.groupBy(lastRound, (atMs) => atMs);
    expect(together.size).toBe(10);
    expect(Math.max(...together.values().map((group) => group.length))).toBeLessThan(70);
    for (const { sink } of guilds) expect(sink.sent.length).toBeGreaterThanOrEqual(50);
    expect(lab.pacer.counts).toMatchObject({ late20: 0, missed: 0, caughtUp: 0, underruns: 0 });
    expect(lab.pacer.counts.sent).toBe(guilds.reduce((sum, { sink }) => sum + sink.sent.length, 0));
  });

  it("share their wake-ups while they are few, and the second frame of none comes late for it", async () => {
    const guilds = Array.from({ length: 20 }, () => lab.guild());
    for (const { lane } of guilds) {
      void lane.play(new ArrivingSong("a", 1_000), never);
      await lab.pass(7);
    }
    await lab.pass(200);
    expect(new Set(guilds.map(({ sink }) => sink.sent.at(-1)!.atMs)).size).toBe(1);
    for (const { sink } of guilds) {
      expect(Math.max(...sink.intervalsMs)).toBeLessThanOrEqual(21);
      expect(sink.intervalsMs.slice(1).every((ms) => Math.abs(ms - 20) <= 1)).toBe(true);
    }
  });

  it("hear nothing of one whose packets cannot be read", async () => {
    const [broken, sound] = [lab.guild(), lab.guild()];
    const song = new ArrivingSong("a", 100);
    const failed = broken.lane.play(song, never).catch((error: unknown) => error);
    void sound.lane.play(new ArrivingSong("b", 100), never);
    await lab.pass(200);
    song.fault = new Error("torn");
    await lab.pass(200);
    expect(await failed).toMatchObject({ code: "INTERNAL", cause: { message: "torn" } });
    expect(sound.sink.heard).toEqual(frames("b", 0, sound.sink.sent.length));
    expect(sound.sink.sent.length).toBeGreaterThanOrEqual(20);
  });

  it("hear nothing of one whose frames cannot be sent", async () => {
    const [broken, sound] = [lab.guild(), lab.guild()];
    const failed = broken.lane.play(new ArrivingSong("a", 100), never).catch((error: unknown) => error);
    void sound.lane.play(new ArrivingSong("b", 100), never);
    await lab.pass(200);
    broken.sink.fault = new Error("no socket");
    await lab.pass(200);
    expect(await failed).toMatchObject({ cause: { message: "no socket" } });
    expect(sound.sink.sent.length).toBeGreaterThanOrEqual(20);
    broken.sink.fault = undefined;
    void broken.lane.play(new ArrivingSong("c", 3), never);
    expect(broken.sink.heard.at(-1)).toBe("c0");
  });

  it("need no timer once the last one is silent", async () => {
    const guilds = [lab.guild(), lab.guild()];
    for (const { lane } of guilds) void lane.play(new ArrivingSong("a", 10), never);
    await lab.pass(150);
    expect(vi.getTimerCount()).toBe(1);
    await lab.pass(300);
    expect(vi.getTimerCount()).toBe(0);
    for (const { sink } of guilds) expect(sink.rests).toBe(1);
  });
});
