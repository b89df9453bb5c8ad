// All live streams that are heard now: one for each address and sound, however many guilds listen.
import { untilAborted } from "../core/abort.ts";
import { type AudioProfile, tempoOf } from "../core/audio-profile.ts";
import { AppError } from "../core/errors.ts";
import type { OpusPackets } from "../core/opus-packets.ts";
import { type Connect, LiveStream, type LiveStreamDeps } from "./live-stream.ts";
import { adjusted, type Wish } from "./volume.ts";

export interface LiveWish {
  /** Names the stream. */
  readonly key: string;
  readonly connect: Connect;
  readonly profile: AudioProfile;
}

/** So long one waits for something to hear: some servers send a little, and never enough. */
const AUDIBLE_MS = 45_000;

/** One who hears a stream. */
export interface LiveListening {
  /** Packets from a little before now on; several can be open at once. Close them first, then this. */
  open(wish: Wish): OpusPackets;
  /** The last one ends the stream. Idempotent. */
  close(): Promise<void>;
}

export interface LiveStreamsDeps extends LiveStreamDeps {
  /** So long one waits for something to hear, in milliseconds. Default: 45 s. */
  readonly audibleMs?: number;
}

interface Channel {
  readonly stream: LiveStream;
  listeners: number;
}

/** Begins a stream with its first listener and ends it with its last. Nothing of it is written anywhere. */
export class LiveStreams {
  readonly #deps: LiveStreamsDeps;
  readonly #channels = new Map<string, Channel>();
  readonly #endings = new Set<Promise<void>>();

  constructor(deps: LiveStreamsDeps) {
    this.#deps = deps;
  }

  /**
   * Resolves when there is something to hear. What passes faster or slower cannot be live: such an effect is left out.
   * @throws {AppError} why there is nothing; `FFMPEG_MISSING`, `ABORTED`
   */
  async join({ key, connect, profile }: LiveWish, signal: AbortSignal): Promise<LiveListening> {
    if (this.#deps.ffmpegPath === undefined) throw new AppError("FFMPEG_MISSING");
    const heard = tempoOf(profile) === 1 ? profile : withoutEffect(profile);
    const name = `${heard.id}/${key}`;
    const known = this.#channels.get(name);
    const isGoing = known !== undefined && !known.stream.edge.isOver;
    const channel = isGoing ? known : this.#begin(name, { connect, profile: heard });
    channel.listeners += 1;
    let leaving: Promise<void> | undefined;
    const close = (): Promise<void> => (leaving ??= this.#leave(name, channel));
    const late = AbortSignal.timeout(this.#deps.audibleMs ?? AUDIBLE_MS);
    try {
      await untilAborted(channel.stream.edge.audible, AbortSignal.any([signal, late]));
    } catch (error) {
      const isLate = late.aborted && !signal.aborted;
      await close();
      throw isLate ? new AppError("SOURCE_UNREACHABLE", { detail: "nothing to hear in time" }) : error;
    }
    return {
      open: (wish) => adjusted(this.#deps, channel.stream.edge.listen(), wish),
      close,
    };
  }

  /** Ends all of them: the process is going down. */
  async close(): Promise<void> {
    const channels = [...this.#channels.values()];
    this.#channels.clear();
    await Promise.all([...channels.map(({ stream }) => stream.close()), ...this.#endings]);
  }

  #begin(name: string, request: Pick<LiveWish, "connect" | "profile">): Channel {
    const channel = { stream: new LiveStream(this.#deps, request), listeners: 0 };
    this.#channels.set(name, channel);
    return channel;
  }

  async #leave(name: string, channel: Channel): Promise<void> {
    channel.listeners -= 1;
    if (channel.listeners > 0) return;
    // Who comes now begins with a stream of its own.
    if (this.#channels.get(name) === channel) this.#channels.delete(name);
    const ending = channel.stream.close();
    this.#endings.add(ending);
    await ending.finally(() => this.#endings.delete(ending));
  }
}

function withoutEffect({ plainId, ...profile }: AudioProfile): AudioProfile {
  const { effect: _, ...plain } = { ...profile, id: plainId ?? profile.id };
  return plain;
}
