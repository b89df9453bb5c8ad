import { describe, expect, it, vi } from "vitest";
import type { AppError } from "../../src/core/errors.ts";
import type { PlayableAudio } from "../../src/player/playable-audio.ts";
import { Gate } from "../fakes/gate.ts";
import { FakePackets } from "../fakes/packets.ts";
import { LOUNGE, type SessionUnderTest, setUp, song } from "./set-up.ts";

const never = new AbortController().signal;
const LENGTH_MS = 1_000;

/** A song of a second that plays 60 ms at a time; what is opened stays in the list. */
class Tape {
  readonly opened: (FakePackets & { readonly fromMs: number })[] = [];
  /** Where opening waits. */
  gate: Gate | undefined;

  audio(audio: PlayableAudio): PlayableAudio {
    const open: PlayableAudio["open"] = async ({ startMs }, signal) => {
      if (this.opened.length > 0) await this.gate?.pass(signal);
      const count = this.opened.length === 0 ? 3 : (LENGTH_MS - startMs) / 20;
      const names = Array.from({ length: count }, (_, index) => Buffer.from(`${startMs + index * 20}`));
      const packets = Object.assign(new FakePackets(names), { fromMs: startMs });
      this.opened.push(packets);
      return packets;
    };
    return { ...audio, durationMs: LENGTH_MS, open };
  }
}

async function playing(bench: SessionUnderTest): Promise<Tape> {
  const tape = new Tape();
  bench.voice.autoplay = false;
  bench.provide = async ({ item }) => tape.audio(bench.audio(item));
  bench.session.enqueue([song(1)], LOUNGE);
  await vi.waitFor(() => expect(bench.session.state.status).toBe("playing"), { interval: 1 });
  return tape;
}

const codeOf = (work: Promise<unknown>): Promise<string | undefined> =>
  work.then(
    () => undefined,
    (error: AppError) => error.code,
  );

describe("another position of the song", () => {
  it("is played from the next packet on, and told", async () => {
    const bench = setUp();
    const tape = await playing(bench);
    await bench.session.seek(500, never);
    expect(tape.opened.map(({ fromMs }) => fromMs)).toEqual([0, 500]);
    expect(bench.voice.link.heard.slice(3, 5)).toEqual(["500", "520"]);
    expect(bench.session.positionMs).toBe(LENGTH_MS);
    expect(bench.told).toEqual(["started 1", "started 1"]);
    expect(tape.opened[0]?.isClosed).toBe(true);
    bench.voice.link.finish();
    await vi.waitFor(() => expect(bench.closed).toEqual(["1"]));
    expect(tape.opened[1]?.isClosed).toBe(true);
  });

  it("is taken by a held song too, which stays held", async () => {
    const bench = setUp();
    await playing(bench);
    bench.session.pause();
    await bench.session.seek(500, never);
    expect(bench.session.state.status).toBe("paused");
    expect(bench.told.at(-1)).toBe("paused 1");
    expect(bench.voice.link.resumed).toBe(0);
  });

  it("lies within the song", async () => {
    const bench = setUp();
    await playing(bench);
    await expect(bench.session.seek(LENGTH_MS, never)).rejects.toThrow("The song is only 0:01 long.");
    expect(bench.told).toEqual(["started 1"]);
  });

  it("is waited for while the song plays on, but not for ever", async () => {
    const bench = setUp();
    const tape = await playing(bench);
    tape.gate = new Gate();
    const patience = new AbortController();
    const timeout = vi.spyOn(AbortSignal, "timeout").mockReturnValue(patience.signal);
    const seeking = codeOf(bench.session.seek(500, never));
    await tape.gate.reached;
    patience.abort();
    expect(await seeking).toBe("NOT_ARRIVED");
    timeout.mockRestore();
    expect(bench.session.positionMs).toBe(60);
    expect(bench.voice.link.heard).toHaveLength(3);
  });

  it("is nowhere when the song ends meanwhile", async () => {
    const bench = setUp();
    const tape = await playing(bench);
    tape.gate = new Gate();
    const seeking = codeOf(bench.session.seek(500, never));
    await tape.gate.reached;
    bench.voice.link.finish();
    expect(await seeking).toBe("NOTHING_PLAYING");
    await vi.waitFor(() => expect(bench.closed).toEqual(["1"]));
    expect(await codeOf(bench.session.seek(0, never))).toBe("NOTHING_PLAYING");
  });

  it("is the one that was asked for last", async () => {
    const bench = setUp();
    const tape = await playing(bench);
    await Promise.all([bench.session.seek(500, never), bench.session.seek(980, never)]);
    expect(tape.opened.map(({ isClosed }) => isClosed)).toEqual([true, true, false]);
    expect(bench.voice.link.heard.at(-1)).toBe("980");
  });
});

describe("a song that is to sound otherwise", () => {
  it("goes on where it has come to when that is ready, without losing or repeating a packet", async () => {
    const bench = setUp();
    const tape = await playing(bench);
    tape.gate = new Gate();
    const renewing = bench.session.renew(never);
    await tape.gate.reached;
    bench.voice.link.positionMs = 200;
    tape.gate.open();
    await renewing;
    expect(tape.opened[1]?.fromMs).toBe(60);
    expect(bench.voice.link.heard[3]).toBe("200");
    expect(bench.session.positionMs).toBe(LENGTH_MS);
  });

  it("lets what stands by be opened anew", async () => {
    const bench = setUp();
    bench.cached.add("2");
    bench.voice.autoplay = false;
    bench.session.enqueue([song(1), song(2)], LOUNGE);
    await vi.waitFor(() => expect(bench.opened).toEqual(["1", "2"]));
    await bench.session.renew(never);
    await vi.waitFor(() => expect(bench.opened).toEqual(["1", "2", "1", "2"]));
    expect(bench.closed).toEqual(["2"]);
  });

  it("is nothing to do when none plays", async () => {
    await expect(setUp().session.renew(never)).resolves.toBeUndefined();
  });

  it("counts for a song that was opened before its channel was joined", async () => {
    const bench = setUp();
    bench.voice.autoplay = false;
    bench.voice.gate = new Gate();
    bench.session.enqueue([song(1)], LOUNGE);
    await vi.waitFor(() => expect(bench.opened).toEqual(["1"]));
    await bench.session.renew(never);
    expect(bench.opened).toEqual(["1"]);
    bench.voice.gate.open();
    await vi.waitFor(() => expect(bench.opened).toEqual(["1", "1"]));
    expect(bench.session.state.status).toBe("playing");
  });
});
