import type { OpusPackets } from "../core/opus-packets.ts";
import type { PlayableAudio } from "./playable-audio.ts";
import type { QueueItem } from "./queue.ts";

/** A song that could begin with the next frame. */
export interface ReadySong {
  readonly audio: PlayableAudio;
  readonly packets: OpusPackets;
}

/** Opens a song where it is to begin. What was opened is closed when that fails. */
export async function openReady(
  audio: PlayableAudio,
  { startMs, resumeMs }: QueueItem,
  signal: AbortSignal,
): Promise<ReadySong> {
  try {
    return { audio, packets: await openPackets(audio, resumeMs ?? startMs, signal) };
  } catch (error) {
    await audio.close();
    throw error;
  }
}

/** Packets from a position on, with the first of them there. */
export async function openPackets(
  audio: PlayableAudio,
  startMs: number,
  signal: AbortSignal,
): Promise<OpusPackets> {
  const packets = await audio.open({ startMs }, signal);
  try {
    await packets.ready(signal);
    return packets;
  } catch (error) {
    await packets.close();
    throw error;
  }
}

/** The packets first: they may still be reading from the file. */
export async function closeReady({ audio, packets }: ReadySong): Promise<void> {
  try {
    await packets.close();
  } finally {
    await audio.close();
  }
}
