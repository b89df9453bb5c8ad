// Playing louder, softer or with fewer bits than a file has: decode, gain, limiter, encode, in a child for that listener alone.
import type { Writable } from "node:stream";
import { Change } from "../core/change.ts";
import { AppError, toAppError } from "../core/errors.ts";
import { type OpusPackets, PACKET_MS, type Playback } from "../core/opus-packets.ts";
import type { Rest } from "../core/rest.ts";
import { type FfmpegDeps, inputArgs, OPUS_ARGS } from "./ffmpeg-run.ts";
import { volumeFilter } from "./filters.ts";
import { startWithPipes, write } from "./live-decoder.ts";
import { PacketAssembler } from "./ogg-opus.ts";
import { pagesOf } from "./ogg-page.ts";
import { OggWriter } from "./ogg-write.ts";
import { openOpusFile } from "./opus-file.ts";
import type { OpenOpusFile } from "./transcoder.ts";

/** The child is fed three seconds more than was taken. */
const AHEAD_PACKETS = 150;
/** A second: it comes many times faster than it is played. */
const ENOUGH_PACKETS = 50;
/** A decoder that begins in the middle is right after 80 ms, RFC 7845 §4.6. */
const PREROLL_PACKETS = 4;
/** Loudest sample in front of the coder. Coding raises the peaks of what was limited by 2.3 dB: -1 dBTP is kept. */
const LIMIT_DBFS = -3.5;
/** As good as silence. */
const LOWEST_GAIN_DB = -90;

const CODING = [...OPUS_ARGS, "-compression_level", "5"];
const USUAL_KBPS = 128;
const OUTPUT = ["-page_duration", "100000", "-flush_packets", "1", "-f", "ogg", "pipe:1"];

/**
 * Opens files at a volume. At 100 % the packets come as they are. At any other, and at fewer bits, each listener costs a child, never more
 * than three seconds ahead: 0.5 s of processor time for a minute of music, 50 MiB of resident memory, of which 40 are
 * shared with all ffmpegs (`npm run bench -- reading`). The opener throws `FFMPEG_MISSING` and what {@link openOpusFile}
 * does; what goes wrong later, `next` throws.
 */
export function createOpusOpener(deps: FfmpegDeps): OpenOpusFile {
  return async (source, { startMs, ...wish }, signal) => {
    if (isAsItIs(deps, wish)) return await openOpusFile(source, { startMs }, signal);
    if (deps.ffmpegPath === undefined) throw new AppError("FFMPEG_MISSING");
    const preroll = Math.min(PREROLL_PACKETS, Math.floor(startMs / PACKET_MS));
    const packets = await openOpusFile(source, { startMs: startMs - preroll * PACKET_MS }, signal);
    return new AdjustedPackets(deps, { packets, ...adjustmentOf(wish), preroll });
  };
}

/** How a listener wants what passes. */
export type Wish = Pick<Playback, "volumePercent" | "limitKbps">;

/** Packets of what cannot be opened anew, such as a live stream, as is wished. They are closed with what is returned. */
export function adjusted(deps: FfmpegDeps, packets: OpusPackets, wish: Wish): OpusPackets {
  if (isAsItIs(deps, wish)) return packets;
  return new AdjustedPackets(deps, { packets, ...adjustmentOf(wish), preroll: 0 });
}

/** Without ffmpeg too many bits are better than no song. */
function isAsItIs({ ffmpegPath }: FfmpegDeps, { volumePercent = 100, limitKbps }: Wish): boolean {
  return volumePercent === 100 && (limitKbps === undefined || ffmpegPath === undefined);
}

function adjustmentOf({
  volumePercent = 100,
  limitKbps = USUAL_KBPS,
}: Wish): Omit<Adjustment, "packets" | "preroll"> {
  return { gainDb: Math.max(20 * Math.log10(volumePercent / 100), LOWEST_GAIN_DB), kbps: limitKbps };
}

interface Adjustment {
  readonly packets: OpusPackets;
  readonly gainDb: number;
  readonly kbps: number;
  /** Packets at the start that are decoded and not heard. */
  readonly preroll: number;
}

class AdjustedPackets implements OpusPackets {
  readonly #source: OpusPackets;
  readonly #stop = new AbortController();
  readonly #change = new Change();
  readonly #working: Promise<void>;
  #made: Buffer[] = [];
  #fed = 0;
  #taken = 0;
  #rest: Rest = { status: "coming" };

  constructor(deps: FfmpegDeps, adjustment: Adjustment) {
    this.#source = adjustment.packets;
    this.#working = this.#work(deps, adjustment).then(
      () => this.#end({ status: "ended" }),
      (error: unknown) => this.#end({ status: "failed", error: toAppError(error) }),
    );
  }

  next(): Buffer | "later" | "end" {
    const packet = this.#made.shift();
    if (packet) {
      this.#taken += 1;
      this.#change.tell();
      return packet;
    }
    if (this.#rest.status === "failed") throw this.#rest.error;
    return this.#rest.status === "coming" ? "later" : "end";
  }

  async ready(signal: AbortSignal): Promise<void> {
    while (this.#made.length < ENOUGH_PACKETS && this.#rest.status === "coming")
      await this.#change.next(signal);
  }

  async close(): Promise<void> {
    this.#end({ status: "ended" });
    this.#stop.abort();
    await this.#working;
    this.#made = [];
    await this.#source.close();
  }

  #end(rest: Rest): void {
    if (this.#rest.status === "coming") this.#rest = rest;
    this.#change.tell();
  }

  async #work(deps: FfmpegDeps, { gainDb, kbps, preroll }: Adjustment): Promise<void> {
    // ffmpeg complains about a song without a packet.
    const first = await this.#nextToFeed();
    if (!first) return;
    const filter = ["-af", volumeFilter(gainDb, LIMIT_DBFS)];
    const coding = [...CODING, "-b:a", `${kbps}k`];
    const args = [...inputArgs({ path: null, demuxer: "ogg" }), ...filter, ...coding, ...OUTPUT];
    const { running, pipes } = startWithPipes(deps, args, this.#stop.signal);
    try {
      const { stdin, stdout } = await pipes;
      const feeding = this.#feed(stdin, first);
      const taking = this.#take(stdout, preroll);
      taking.catch(() => undefined);
      // The child knows best why there is nothing more to take.
      await running;
      await taking;
      const failure = await feeding;
      if (failure) throw failure;
    } finally {
      this.#stop.abort();
      await running.catch(() => undefined);
    }
  }

  /** Why not all was fed; what was fed before is heard all the same. */
  async #feed(stdin: Writable, first: Buffer): Promise<AppError | undefined> {
    const writer = new OggWriter();
    try {
      let pages: Buffer = Buffer.concat([writer.head(), writer.packet(first)]);
      while (await write(stdin, pages)) {
        const packet = await this.#nextToFeed();
        if (!packet) return undefined;
        pages = writer.packet(packet);
      }
      return new AppError("TRANSCODE_FAILED", { detail: "it took no more" });
    } catch (error) {
      return toAppError(error);
    } finally {
      stdin.end();
    }
  }

  async #nextToFeed(): Promise<Buffer | undefined> {
    const { signal } = this.#stop;
    while (this.#fed - this.#taken >= AHEAD_PACKETS) await this.#change.next(signal);
    for (;;) {
      const packet = this.#source.next();
      if (packet === "end") return undefined;
      if (packet === "later") {
        await this.#source.ready(signal);
        continue;
      }
      this.#fed += 1;
      return packet;
    }
  }

  async #take(stdout: AsyncIterable<Buffer>, preroll: number): Promise<void> {
    const assembler = new PacketAssembler();
    // OpusHead and OpusTags come first.
    let skip = 2 + preroll;
    for await (const page of pagesOf(stdout)) {
      for (const packet of assembler.packets(page)) {
        if (skip === 0) this.#made.push(packet);
        else skip -= 1;
      }
      this.#change.tell();
    }
  }
}
