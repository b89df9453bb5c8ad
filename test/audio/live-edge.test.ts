import { describe, expect, it } from "vitest";
import { LiveEdge } from "../../src/audio/live-edge.ts";
import { AppError } from "../../src/core/errors.ts";
import type { OpusPackets } from "../../src/core/opus-packets.ts";
import { NEVER } from "./media.ts";

const LOST = new AppError("SOURCE_UNREACHABLE");

/** An edge that has seen packets with these numbers. */
function edge(count: number): { live: LiveEdge; add: (more: number) => void } {
  const live = new LiveEdge();
  let next = 0;
  const add = (more: number): void => {
    for (let added = 0; added < more; added += 1) live.append(Buffer.from(String(next++)));
  };
  add(count);
  return { live, add };
}

function numbers(packets: OpusPackets): number[] {
  const heard: number[] = [];
  for (let next = packets.next(); typeof next === "object"; next = packets.next()) heard.push(Number(next));
  return heard;
}

describe("a listener", () => {
  it("begins two seconds behind what is newest, and misses nothing from then on", () => {
    const { live, add } = edge(500);
    const packets = live.listen();
    expect(numbers(packets)).toEqual(Array.from({ length: 100 }, (_, index) => 400 + index));
    add(3);
    expect(numbers(packets)).toEqual([500, 501, 502]);
    expect(packets.next()).toBe("later");
  });

  it("goes on where it was held, as long as that is kept, else near what is newest", () => {
    const { live, add } = edge(100);
    const packets = live.listen();
    expect(packets.next()).toEqual(Buffer.from("0"));
    add(1_400);
    expect(packets.next()).toEqual(Buffer.from("1"));
    add(1_000);
    expect(numbers(packets)[0]).toBe(2_400);
  });

  it("waits for a second when it has nothing more to hear", async () => {
    const { live, add } = edge(100);
    const packets = live.listen();
    numbers(packets);
    let isReady = false;
    const ready = packets.ready(NEVER).then(() => (isReady = true));
    add(49);
    await Promise.resolve();
    expect(isReady).toBe(false);
    add(1);
    await ready;
    expect(numbers(packets)).toHaveLength(50);
  });

  it("stops waiting when it is closed, called off or when the stream is over", async () => {
    const { live } = edge(10);
    const [closed, called, over] = [live.listen(), live.listen(), live.listen()];
    const stop = new AbortController();
    const waits = [
      closed.ready(NEVER),
      called.ready(stop.signal).catch((error: AppError) => error.code),
      over.ready(NEVER),
    ];
    await closed.close();
    stop.abort();
    await waits[1];
    live.end();
    expect(await Promise.all(waits)).toEqual([undefined, "ABORTED", undefined]);
    expect(closed.next()).toBe("end");
  });

  it("hears the end, or why there is none, behind the last packet", () => {
    const [ended, lost] = [edge(3).live, edge(3).live];
    const [a, b] = [ended.listen(), lost.listen()];
    ended.end();
    lost.end(LOST);
    expect(numbers(a)).toEqual([0, 1, 2]);
    expect(a.next()).toBe("end");
    expect(() => numbers(b)).toThrow(LOST);
  });
});

describe("a stream", () => {
  it("is audible with its first second, or with all of a shorter one", async () => {
    const { live, add } = edge(49);
    let isAudible = false;
    const waiting = live.audible.then(() => (isAudible = true));
    await Promise.resolve();
    expect(isAudible).toBe(false);
    add(1);
    await waiting;
    const short = edge(1).live;
    short.end();
    await short.audible;
  });

  it("that never was there says why", async () => {
    const { live } = edge(0);
    live.end(LOST);
    live.end();
    await expect(live.audible).rejects.toBe(LOST);
    expect(live.isOver).toBe(true);
  });
});
