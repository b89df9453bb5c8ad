import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Lane } from "../../../src/player/pacer/lane.ts";
import { ArrivingSong, frames, type MemorySink, never, PacerLab, silence } from "./set-up.ts";

let lab: PacerLab;
let lane: Lane;
let sink: MemorySink;
beforeEach(() => {
  lab = new PacerLab();
  ({ lane, sink } = lab.guild());
});
afterEach(() => lab.end());

const isSteady = (): boolean => sink.intervalsMs.every((ms) => Math.abs(ms - 20) <= 1);

describe("the end of a song", () => {
  it("is told when its last frame has left, and five frames of silence follow", async () => {
    const playing = lane.play(new ArrivingSong("a", 5), never);
    await lab.pass(80);
    expect(await playing).toEqual({ status: "finished", playedMs: 100 });
    expect(sink.heard).toEqual(frames("a", 0, 5));
    await lab.pass(200);
    expect(sink.heard).toEqual([...frames("a", 0, 5), ...silence()]);
    expect(sink.rests).toBe(1);
    expect(isSteady()).toBe(true);
  });

  it("is followed by the next song without a gap and without silence", async () => {
    const playing = lane.play(new ArrivingSong("a", 5), never);
    await lab.pass(80);
    await playing;
    await lab.pass(10);
    void lane.play(new ArrivingSong("b", 5), never);
    await lab.pass(60);
    expect(sink.heard).toEqual([...frames("a", 0, 5), ...frames("b", 0, 3)]);
    expect(isSteady()).toBe(true);
  });

  it("that was silent for some frames is followed by the next song at once", async () => {
    await lane.play(new ArrivingSong("a", 1), never);
    await lab.pass(50);
    void lane.play(new ArrivingSong("b", 5), never);
    expect(sink.heard).toEqual(["a0", ...silence(2), "b0"]);
    await lab.pass(40);
    expect(sink.heard).toEqual(["a0", ...silence(2), ...frames("b", 0, 3)]);
    expect(Math.max(...sink.intervalsMs)).toBeLessThanOrEqual(21);
  });

  it("comes at once for a song without frames", async () => {
    expect(await lane.play(new ArrivingSong("a", 0), never)).toEqual({ status: "finished", playedMs: 0 });
    await lab.pass(200);
    expect(sink.heard).toEqual([]);
  });

  it("by a skip is told at once; the next song takes the next frame's time", async () => {
    const skip = new AbortController();
    const playing = lane.play(new ArrivingSong("a", 50), skip.signal);
    await lab.pass(47);
    skip.abort();
    expect(await playing).toEqual({ status: "interrupted", playedMs: 60 });
    void lane.play(new ArrivingSong("b", 2), never);
    await lab.pass(200);
    expect(sink.heard).toEqual([...frames("a", 0, 3), "b0", "b1", ...silence()]);
    expect(isSteady()).toBe(true);
  });

  it("by a lost connection is told as that, and nothing is sent any more", async () => {
    const playing = lane.play(new ArrivingSong("a", 50), never);
    await lab.pass(40);
    sink.isAway = true;
    lane.close();
    expect(await playing).toEqual({ status: "lost", playedMs: 60 });
    expect(await lane.play(new ArrivingSong("b", 5), never)).toEqual({ status: "lost", playedMs: 0 });
    await lab.pass(200);
    expect(sink.song).toHaveLength(3);
  });

  it("is there before its beginning when its signal has fired before", async () => {
    const end = await lane.play(new ArrivingSong("a", 5), AbortSignal.abort());
    expect(end).toEqual({ status: "interrupted", playedMs: 0 });
    expect(sink.heard).toEqual([]);
  });
});

describe("a pause", () => {
  it("is five frames of silence, and the song goes on at once where it was", async () => {
    const playing = lane.play(new ArrivingSong("a", 6), never);
    await lab.pass(45);
    lane.pause();
    await lab.pass(1_000);
    expect(sink.heard).toEqual([...frames("a", 0, 3), ...silence()]);
    expect(sink.rests).toBe(1);
    expect(lane.positionMs).toBe(60);
    lane.resume();
    expect(sink.heard.at(-1)).toBe("a3");
    await lab.pass(100);
    expect(await playing).toEqual({ status: "finished", playedMs: 120 });
    expect(sink.song.map(({ what }) => what)).toEqual(frames("a", 0, 6));
    expect(lane.counts).toMatchObject({ underruns: 0, missed: 0 });
  });

  it("does not hold the next song", async () => {
    const skip = new AbortController();
    const playing = lane.play(new ArrivingSong("a", 50), skip.signal);
    lane.pause();
    skip.abort();
    await playing;
    await lab.pass(500);
    void lane.play(new ArrivingSong("b", 5), never);
    expect(sink.heard.at(-1)).toBe("b0");
  });
});

describe("packets that are late", () => {
  it("stop the song with silence and are never its end; it goes on at once where it was", async () => {
    const song = new ArrivingSong("a", 3, false);
    const playing = lane.play(song, never);
    await lab.pass(20_050);
    expect(sink.heard).toEqual([...frames("a", 0, 3), ...silence()]);
    song.arrive(3, true);
    await lab.pass(1);
    expect(sink.heard.at(-1)).toBe("a3");
    await lab.pass(100);
    expect(await playing).toEqual({ status: "finished", playedMs: 120 });
    expect(lane.counts.underruns).toBe(1);
    expect(Math.round(lane.counts.underrunMs / 100)).toBe(200);
  });

  it("but come before their time are not noticed", async () => {
    const song = new ArrivingSong("a", 3, false);
    void lane.play(song, never);
    await lab.pass(55);
    song.arrive(3);
    await lab.pass(50);
    expect(sink.heard).toEqual(frames("a", 0, 6));
    expect(isSteady()).toBe(true);
    expect(lane.counts.underruns).toBe(0);
  });

  it("at the beginning are waited for, and the first one leaves as soon as it is there", async () => {
    const song = new ArrivingSong("a", 0, false);
    void lane.play(song, never);
    await lab.pass(1_000);
    song.arrive(10);
    await lab.pass(1);
    expect(sink.heard).toEqual(["a0"]);
    expect(lane.counts.underruns).toBe(0);
  });

  it("are no longer waited for after a skip", async () => {
    const skip = new AbortController();
    const song = new ArrivingSong("a", 2, false);
    const playing = lane.play(song, skip.signal);
    await lab.pass(100);
    skip.abort();
    expect(await playing).toMatchObject({ status: "interrupted" });
    song.arrive(5);
    await lab.pass(300);
    expect(sink.song).toHaveLength(2);
  });

  it("are asked for once per frame's time by a song that says ready and is not", async () => {
    const song = new ArrivingSong("a", 1, false);
    void lane.play(song, never);
    for (let round = 0; round < 10; round += 1) {
      song.arrive(0);
      await lab.pass(1);
    }
    expect(song.signals).toBeLessThanOrEqual(2);
  });

  it("that cannot be read end the song with the reason", async () => {
    const song = new ArrivingSong("a", 2, false);
    const failed = lane.play(song, never).catch((error: unknown) => error);
    await lab.pass(100);
    song.fault = new Error("disk");
    song.arrive(0);
    await lab.pass(200);
    expect(await failed).toMatchObject({ cause: { message: "disk" } });
    expect(sink.heard).toEqual([...frames("a", 0, 2), ...silence()]);
  });
});

describe("other packets of the same song", () => {
  it("take the next frame's time, and the position counts from them", async () => {
    const playing = lane.play(new ArrivingSong("a", 50), never);
    await lab.pass(45);
    lane.replace(new ArrivingSong("b", 2));
    expect(lane.positionMs).toBe(0);
    await lab.pass(40);
    expect(lane.positionMs).toBe(40);
    expect(await playing).toEqual({ status: "finished", playedMs: 100 });
    expect(sink.heard).toEqual([...frames("a", 0, 3), "b0", "b1"]);
    expect(isSteady()).toBe(true);
  });

  it("wait while the song is held", async () => {
    void lane.play(new ArrivingSong("a", 50), never);
    lane.pause();
    await lab.pass(500);
    lane.replace(new ArrivingSong("b", 2));
    await lab.pass(500);
    expect(sink.song).toHaveLength(1);
    lane.resume();
    expect(sink.heard.at(-1)).toBe("b0");
  });

  it("end the waiting for those before", async () => {
    const song = new ArrivingSong("a", 1, false);
    void lane.play(song, never);
    await lab.pass(500);
    lane.replace(new ArrivingSong("b", 20));
    song.arrive(5);
    await lab.pass(100);
    expect(sink.song.map(({ what }) => what)).toEqual(["a0", ...frames("b", 0, 6)]);
  });

  it("are nothing to a lane without a song", async () => {
    lane.replace(new ArrivingSong("b", 5));
    await lab.pass(100);
    expect(sink.heard).toEqual([]);
  });
});

describe("a connection that is away", () => {
  it("holds the song: nothing of it is lost, and nothing is sent in a hurry when it is back", async () => {
    const playing = lane.play(new ArrivingSong("a", 10), never);
    await lab.pass(45);
    sink.isAway = true;
    await lab.pass(3_000);
    expect(lane.positionMs).toBe(60);
    sink.isAway = false;
    await lab.pass(21);
    expect(sink.song.length - 3).toBeLessThanOrEqual(2);
    await lab.pass(200);
    expect(await playing).toEqual({ status: "finished", playedMs: 200 });
    expect(sink.song.map(({ what }) => what)).toEqual(frames("a", 0, 10));
    expect(lane.counts).toMatchObject({ missed: 0, underruns: 0 });
  });

  it("from the beginning holds the first frame", async () => {
    sink.isAway = true;
    void lane.play(new ArrivingSong("a", 10), never);
    await lab.pass(500);
    sink.isAway = false;
    await lab.pass(40);
    expect(sink.heard).toEqual(["a0", "a1"]);
  });
});

describe("lateness", () => {
  it("is counted by its size", async () => {
    void lane.play(new ArrivingSong("a", 1_000), never);
    await lab.pass(100);
    await lab.stall(30);
    await lab.pass(100);
    await lab.stall(65);
    await lab.pass(100);
    const { sent, late20, late60, maxLatenessMs } = lane.counts;
    expect(sent).toBe(sink.song.length);
    expect(late20).toBeGreaterThanOrEqual(1);
    expect(late60).toBeLessThanOrEqual(1);
    expect(Math.abs(maxLatenessMs - 60)).toBeLessThanOrEqual(20);
  });
});
