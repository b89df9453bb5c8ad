import { expect, it, onTestFinished, vi } from "vitest";
import { systemClock } from "../../src/core/clock.ts";
import { GuildSession } from "../../src/player/guild-session.ts";
import type { Lane } from "../../src/player/pacer/lane.ts";
import { Pacer } from "../../src/player/pacer/pacer.ts";
import type { PlayableAudio } from "../../src/player/playable-audio.ts";
import type { QueueItem } from "../../src/player/queue.ts";
import type { VoiceChannelRef, VoiceLink } from "../../src/player/voice-link.ts";
import { FakePackets } from "../fakes/packets.ts";
import { LOUNGE, SessionUnderTest, song } from "./set-up.ts";

const LENGTH_MS = 1_600;

/** A session whose short songs go through the real pacer; what is heard are positions. */
class RealTime {
  readonly bench = new SessionUnderTest(60_000);
  readonly heard: string[] = [];
  readonly session: GuildSession;

  constructor() {
    const { bench } = this;
    const pacer = new Pacer(systemClock);
    const lane = pacer.lane({
      send: (frame) => {
        if (frame.length > 3 || frame[0] !== 0xf8) this.heard.push(frame.toString());
        return true;
      },
      rest: () => undefined,
    });
    bench.provide = async ({ item }) => this.#audio(item);
    bench.find = async ({ item }) => (bench.cached.has(item.id) ? this.#audio(item) : undefined);
    this.session = new GuildSession({
      ...bench.sharedDeps(),
      voice: { join: async (channel) => linkOf(channel, lane) },
      guildId: "guild",
    });
    onTestFinished(async () => void (await this.session.stop()));
  }

  #audio(item: QueueItem): PlayableAudio {
    const open: PlayableAudio["open"] = async ({ startMs }) => {
      this.bench.opened.push(`${item.id} ${startMs}`);
      return new FakePackets(
        Array.from({ length: (LENGTH_MS - startMs) / 20 }, (_, index) =>
          Buffer.from(`${item.id} ${startMs + index * 20}`),
        ),
      );
    };
    return { ...this.bench.audio(item), durationMs: LENGTH_MS, open };
  }
}

function linkOf(channel: VoiceChannelRef, lane: Lane): VoiceLink {
  return {
    channel,
    isOpen: true,
    get positionMs() {
      return lane.positionMs;
    },
    play: (packets, signal) => lane.play(packets, signal),
    replace: (packets) => lane.replace(packets),
    pause: () => lane.pause(),
    resume: () => lane.resume(),
    move: () => undefined,
    leave: () => lane.close(),
  };
}

async function expectEnd({ session }: RealTime): Promise<void> {
  await vi.waitFor(() => expect(session.state.status).toBe("idle"), { timeout: 5_000 });
}

const chapter = (id: number, startMs: number, endMs: number): QueueItem => ({ ...song(id), startMs, endMs });

const steps = (id: string, fromMs: number, toMs: number): string[] =>
  Array.from({ length: (toMs - fromMs) / 20 }, (_, index) => `${id} ${fromMs + index * 20}`);

it("plays a song without the parts that are to be left out, and tells where it went on", async () => {
  const real = new RealTime();
  const { session, bench, heard } = real;
  bench.cuts = async () => [
    { fromMs: 200, toMs: 500 },
    { fromMs: 800, toMs: 1_600 },
  ];
  let jumpedTo = 0;
  bench.onStarted = () => void (jumpedTo = session.positionMs);
  session.enqueue([song(1)], LOUNGE);
  await expectEnd(real);
  expect(heard).toEqual([...steps("1", 0, 200), ...steps("1", 500, 800)]);
  expect(jumpedTo).toBeGreaterThanOrEqual(500);
});

it("plays chapters one after another, each to its end, without a wait in between", async () => {
  const real = new RealTime();
  const { session, bench, heard } = real;
  bench.cached.add("2");
  session.enqueue([chapter(1, 100, 300), chapter(2, 300, 500)], LOUNGE);
  await expectEnd(real);
  expect(heard).toEqual([...steps("1", 100, 300), ...steps("2", 300, 500)]);
  expect(bench.opened).toEqual(["1 100", "2 300"]);
});

it("ends a seek at the end of the chapter", async () => {
  const { session } = new RealTime();
  session.enqueue([{ ...song(1), startMs: 100, endMs: 700 }], LOUNGE);
  await vi.waitFor(() => expect(session.state.status).toBe("playing"), { interval: 1 });
  const { signal } = new AbortController();
  await expect(session.seek(700, signal)).rejects.toMatchObject({ code: "BEYOND_THE_END" });
  await session.seek(600, signal);
  expect(session.positionMs).toBeGreaterThanOrEqual(600);
  await session.seek(100, signal);
  expect(session.positionMs).toBeLessThan(300);
});
