import { describe, expect, it, vi } from "vitest";
import { AppError } from "../../src/core/errors.ts";
import type { PlayableAudio } from "../../src/player/playable-audio.ts";
import { Gate } from "../fakes/gate.ts";
import { FakePackets } from "../fakes/packets.ts";
import { LOUNGE, type SessionUnderTest, setUp, song } from "./set-up.ts";

/** Of the song as it is, one second has come by now. */
const FIRST_PACKETS = 50;

/** Audio of ten seconds of a song, whose packets say what they are and where in the song. */
class Sound {
  readonly opened: FakePackets[] = [];
  isClosed = false;
  readonly name: string;
  readonly tempo: number;

  constructor(name: string, tempo = 1) {
    this.name = name;
    this.tempo = tempo;
  }

  audio(of: PlayableAudio): PlayableAudio {
    const open: PlayableAudio["open"] = async ({ startMs }) => {
      const rest = (10_000 - startMs) / (20 * this.tempo);
      const count = this.name === "plain" ? FIRST_PACKETS : rest;
      const at = (index: number): string => `${this.name} ${Math.round(startMs + index * 20 * this.tempo)}`;
      const packets = new FakePackets(Array.from({ length: count }, (_, index) => Buffer.from(at(index))));
      this.opened.push(packets);
      return packets;
    };
    const close = async (): Promise<void> => void (this.isClosed = true);
    return { ...of, durationMs: 10_000, tempo: this.tempo, open, close };
  }
}

/** A song in its plain sound, of which a second was heard. */
async function playing(bench: SessionUnderTest, plain: Sound): Promise<void> {
  bench.voice.autoplay = false;
  bench.provide = async ({ item }) => plain.audio(bench.audio(item));
  bench.session.enqueue([song(1)], LOUNGE);
  await vi.waitFor(() => expect(bench.session.state.status).toBe("playing"), { interval: 1 });
}

describe("a song that is to sound otherwise", () => {
  it("goes on where it is, and what it was read from is closed", async () => {
    const bench = setUp();
    const [plain, fast] = [new Sound("plain"), new Sound("fast", 1.25)];
    await playing(bench, plain);
    bench.provide = async ({ item }) => fast.audio(bench.audio(item));
    await bench.session.remake();
    const { heard } = bench.voice.link;
    expect(heard.slice(FIRST_PACKETS - 1, FIRST_PACKETS + 2)).toEqual([
      "plain 980",
      "fast 1000",
      "fast 1025",
    ]);
    expect(heard.at(-1)).toBe("fast 9975");
    expect(bench.session.positionMs).toBe(10_000);
    expect([plain.isClosed, fast.isClosed]).toEqual([true, false]);
    expect(plain.opened[0]?.isClosed).toBe(true);
    expect(bench.session.state).toMatchObject({ status: "playing", audio: { tempo: 1.25 } });
    expect(bench.told.at(-1)).toBe("started 1");
  });

  it("plays on until it is ready, and then from where it has come to", async () => {
    const bench = setUp();
    const [plain, slow, gate] = [new Sound("plain"), new Sound("slow", 0.8), new Gate()];
    await playing(bench, plain);
    bench.provide = async ({ item }, signal) => {
      await gate.pass(signal);
      return slow.audio(bench.audio(item));
    };
    const remaking = bench.session.remake();
    await gate.reached;
    bench.voice.link.positionMs = 2_000;
    gate.open();
    await remaking;
    expect(bench.voice.link.heard[FIRST_PACKETS]).toBe("slow 2000");
  });

  it("only becomes what was wanted last", async () => {
    const bench = setUp();
    const [plain, first, second, gate] = [
      new Sound("plain"),
      new Sound("first"),
      new Sound("second"),
      new Gate(),
    ];
    await playing(bench, plain);
    bench.provide = async ({ item }) => {
      await gate.pass(new AbortController().signal);
      return first.audio(bench.audio(item));
    };
    const early = bench.session.remake();
    bench.provide = async ({ item }) => second.audio(bench.audio(item));
    await bench.session.remake();
    gate.open();
    await early;
    expect(bench.voice.link.heard[FIRST_PACKETS]).toBe("second 1000");
    expect(bench.voice.link.heard.at(-1)).toMatch(/^second/u);
    expect([plain.isClosed, first.isClosed, second.isClosed]).toEqual([true, true, false]);
  });

  it("plays on as before when it cannot be made so", async () => {
    const bench = setUp();
    const plain = new Sound("plain");
    await playing(bench, plain);
    bench.provide = () => Promise.reject(new AppError("VIDEO_REMOVED"));
    await bench.session.remake();
    expect(bench.log.events.at(-1)).toMatchObject({ event: "player.not_remade" });
    expect(bench.voice.link.heard).toHaveLength(FIRST_PACKETS);
    expect(plain.isClosed).toBe(false);
  });

  it("that ends meanwhile leaves nothing open", async () => {
    const bench = setUp();
    const [plain, other, gate] = [new Sound("plain"), new Sound("other"), new Gate()];
    await playing(bench, plain);
    bench.provide = async ({ item }) => {
      await gate.pass(new AbortController().signal);
      return other.audio(bench.audio(item));
    };
    const remaking = bench.session.remake();
    bench.session.skip();
    gate.open();
    await remaking;
    await vi.waitFor(() => expect([plain.isClosed, other.isClosed]).toEqual([true, true]));
  });

  it("begins so when that was wanted while it was fetched", async () => {
    const bench = setUp();
    const [plain, other, gate] = [new Sound("plain"), new Sound("other"), new Gate()];
    bench.voice.autoplay = false;
    bench.provide = async ({ item }, signal) => {
      await gate.pass(signal);
      return plain.audio(bench.audio(item));
    };
    bench.session.enqueue([song(1)], LOUNGE);
    await gate.reached;
    await bench.session.remake();
    bench.provide = async ({ item }) => other.audio(bench.audio(item));
    gate.open();
    await vi.waitFor(() => expect(bench.voice.link.heard.at(-1)).toMatch(/^other/u));
    expect(plain.isClosed).toBe(true);
  });

  it("is none where nothing plays", async () => {
    await expect(setUp().session.remake()).resolves.toBeUndefined();
  });
});
