/** Opus packets from memory, and all packets of whatever gives some. */
import { open } from "node:fs/promises";
import type { OpusPackets } from "../../src/core/opus-packets.ts";
import { openOpusFile } from "../../src/audio/opus-file.ts";
import type { CachedAudio } from "../../src/cache/cached-audio.ts";

const never = new AbortController().signal;

/** Packets that are there at once. What the iterable throws, `next` throws. */
export class FakePackets implements OpusPackets {
  readonly #packets: Iterator<Buffer, void>;
  /** How many were taken. */
  taken = 0;
  isClosed = false;

  constructor(packets: Iterable<Buffer>) {
    this.#packets = packets[Symbol.iterator]() as Iterator<Buffer, void>;
  }

  next(): Buffer | "end" {
    const { value } = this.#packets.next();
    if (value) this.taken += 1;
    return value ?? "end";
  }

  ready(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.isClosed = true;
    return Promise.resolve();
  }
}

/** Takes packets to the end, waiting where it must, and closes. */
export async function allOf(packets: OpusPackets): Promise<Buffer[]> {
  const taken: Buffer[] = [];
  try {
    for (;;) {
      const packet = packets.next();
      if (packet === "end") return taken;
      if (packet === "later") await packets.ready(never);
      else taken.push(Buffer.from(packet));
    }
  } finally {
    await packets.close();
  }
}

/** All packets of cached audio, which stays open. */
export async function heardOf(audio: Pick<CachedAudio, "open">, startMs = 0): Promise<Buffer[]> {
  return allOf(await audio.open({ startMs }, never));
}

/** All packets of an Ogg Opus file from a position on. */
export async function packetsIn(path: string, startMs = 0): Promise<Buffer[]> {
  const file = await open(path);
  try {
    return await allOf(await openOpusFile({ file }, { startMs }, never));
  } finally {
    await file.close();
  }
}
