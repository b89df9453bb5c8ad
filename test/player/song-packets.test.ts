import { describe, expect, it } from "vitest";
import type { Cut } from "../../src/core/cut.ts";
import { SongPackets } from "../../src/player/song-packets.ts";
import { Gate } from "../fakes/gate.ts";
import { FakePackets } from "../fakes/packets.ts";

const LENGTH_MS = 20_000;

/** A recording of 20 s; each packet is its position. */
class Recording {
  readonly opened: (FakePackets & { readonly fromMs: number })[] = [];
  jumps = 0;
  /** Where opening what lies behind a cut waits. */
  gate: Gate | undefined;
  readonly #tempo: number;

  constructor(tempo = 1) {
    this.#tempo = tempo;
  }

  packets(fromMs: number): FakePackets {
    const stepMs = 20 * this.#tempo;
    const names = Array.from({ length: (LENGTH_MS - fromMs) / stepMs }, (_, index) =>
      Buffer.from(`${fromMs + index * stepMs}`),
    );
    const packets = Object.assign(new FakePackets(names), { fromMs });
    this.opened.push(packets);
    return packets;
  }

  part({ fromMs = 0, endMs }: { readonly fromMs?: number; readonly endMs?: number } = {}): SongPackets {
    return new SongPackets({
      packets: this.packets(fromMs),
      fromMs,
      endMs,
      tempo: this.#tempo,
      open: async (startMs) => {
        await this.gate?.pass();
        return this.packets(startMs);
      },
      onJump: () => (this.jumps += 1),
    });
  }
}

/** Takes so many packets, waiting for nothing but promises that are settled; tells where each of them lies. */
async function heard(part: SongPackets, atMost = 10_000): Promise<number[]> {
  const positions: number[] = [];
  while (positions.length < atMost) {
    const packet = part.next();
    if (typeof packet === "string") break;
    positions.push(Number(packet.toString()));
    await Promise.resolve();
  }
  return positions;
}

/** The first and the last packet of each stretch without a gap. */
function stretches(positions: readonly number[]): [number, number][] {
  const found: [number, number][] = [];
  for (const position of positions) {
    const last = found.at(-1);
    if (last && position === last[1] + 20) last[1] = position;
    else found.push([position, position]);
  }
  return found;
}

const cut = (fromMs: number, toMs: number): Cut => ({ fromMs, toMs });

describe("a song", () => {
  it("passes as it is without cuts, and as far as its chapter goes", async () => {
    const whole = await heard(new Recording().part());
    expect(stretches(whole)).toEqual([[0, 19_980]]);
    const chapter = await heard(new Recording().part({ fromMs: 5_000, endMs: 7_000 }));
    expect(stretches(chapter)).toEqual([[5_000, 6_980]]);
  });

  it("is heard without its cuts, and knows where it is", async () => {
    const recording = new Recording();
    const part = recording.part();
    part.leaveOut([cut(2_000, 4_000), cut(10_000, 15_000)], LENGTH_MS);
    expect(stretches(await heard(part))).toEqual([
      [0, 1_980],
      [4_000, 9_980],
      [15_000, 19_980],
    ]);
    expect([0, 1_980, 2_000, 7_980, 8_000].map((ms) => part.positionAfter(ms))).toEqual([
      0, 1_980, 4_000, 9_980, 15_000,
    ]);
    expect(recording.jumps).toBe(2);
    expect(recording.opened.map(({ isClosed }) => isClosed)).toEqual([true, true, false]);
    await part.close();
    expect(recording.opened.every(({ isClosed }) => isClosed)).toBe(true);
  });

  it("opens what lies behind a cut shortly before it, not at once", async () => {
    const recording = new Recording();
    const part = recording.part();
    part.leaveOut([cut(10_000, 15_000)], LENGTH_MS);
    await heard(part, 249);
    expect(recording.opened).toHaveLength(1);
    await heard(part, 4);
    expect(recording.opened.map(({ fromMs }) => fromMs)).toEqual([0, 15_000]);
    await part.close();
    expect(recording.opened[1]?.isClosed).toBe(true);
  });

  it("ends where the last cut begins", async () => {
    const part = new Recording().part();
    part.leaveOut([cut(18_000, 19_500)], LENGTH_MS);
    expect(stretches(await heard(part))).toEqual([[0, 17_980]]);
  });

  it("keeps a cut near the end of what has no known length", async () => {
    const part = new Recording().part();
    part.leaveOut([cut(18_000, 19_500)], 0);
    expect(stretches(await heard(part)).at(-1)).toEqual([19_500, 19_980]);
  });

  it("leaves its beginning out as soon as that is known", async () => {
    const part = new Recording().part();
    await heard(part, 3);
    part.leaveOut([cut(0, 1_000)], LENGTH_MS);
    const [first, second] = stretches(await heard(part));
    expect(first![1]).toBeLessThan(200);
    expect(second).toEqual([1_000, 19_980]);
  });

  it("plays on through a cut while what lies behind it is not there, and waits for nothing", async () => {
    const recording = new Recording();
    recording.gate = new Gate();
    const part = recording.part();
    part.leaveOut([cut(2_000, 4_000), cut(6_000, 7_000)], LENGTH_MS);
    expect(await heard(part, 150)).toHaveLength(150);
    recording.gate.open();
    await recording.gate.reached;
    await new Promise((resolve) => setImmediate(resolve));
    expect(stretches(await heard(part, 10))).toEqual([[4_000, 4_180]]);
    expect(stretches(await heard(part)).at(-1)).toEqual([7_000, 19_980]);
  });

  it("forgets a cut that has been heard meanwhile", async () => {
    const recording = new Recording();
    recording.gate = new Gate();
    const part = recording.part();
    part.leaveOut([cut(2_000, 3_000)], LENGTH_MS);
    await heard(part, 200);
    recording.gate.open();
    await new Promise((resolve) => setImmediate(resolve));
    expect(stretches(await heard(part))).toEqual([[4_000, 19_980]]);
    expect(recording.opened[1]?.isClosed).toBe(true);
    expect(recording.jumps).toBe(0);
  });

  it("plays the cut when what lies behind it cannot be opened, and leaves the next one out", async () => {
    const recording = new Recording();
    const part = recording.part();
    const packets = recording.packets.bind(recording);
    recording.packets = (fromMs) => {
      if (fromMs === 4_000) throw new Error("torn");
      return packets(fromMs);
    };
    part.leaveOut([cut(2_000, 4_000), cut(6_000, 7_000)], LENGTH_MS);
    expect(stretches(await heard(part))).toEqual([
      [0, 5_980],
      [7_000, 19_980],
    ]);
  });

  it("lets somebody hear a cut who went there", async () => {
    const part = new Recording().part({ fromMs: 3_000 });
    part.leaveOut([cut(2_000, 4_000)], LENGTH_MS);
    expect(stretches(await heard(part))).toEqual([[3_000, 19_980]]);
  });

  it("lets somebody hear the cut at the end who went there", async () => {
    const part = new Recording().part({ fromMs: 18_500 });
    part.leaveOut([cut(18_000, 20_000)], LENGTH_MS);
    expect(stretches(await heard(part))).toEqual([[18_500, 19_980]]);
  });

  it("ends with its chapter, whatever is left out behind or around that end", async () => {
    const behind = new Recording().part({ fromMs: 2_000, endMs: 4_000 });
    behind.leaveOut([cut(6_000, 8_000), cut(10_000, 20_000)], LENGTH_MS);
    expect(stretches(await heard(behind))).toEqual([[2_000, 3_980]]);
    const around = new Recording().part({ fromMs: 2_000, endMs: 4_000 });
    around.leaveOut([cut(0, 1_000), cut(3_000, 8_000)], LENGTH_MS);
    expect(stretches(await heard(around))).toEqual([[2_000, 2_980]]);
  });

  it("counts in the recording's time when it passes faster", async () => {
    const part = new Recording(1.25).part();
    part.leaveOut([cut(2_000, 4_000)], LENGTH_MS);
    const positions = await heard(part);
    expect(positions.slice(79, 81)).toEqual([1_975, 4_000]);
    expect(positions.at(-1)).toBe(19_975);
    expect(part.positionAfter(1_600 + 800)).toBe(4_000 + 1_000);
  });
});
