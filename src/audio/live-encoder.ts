// From samples to Ogg pages on a tape, as soon as they are there.
import type { AudioProfile } from "../core/audio-profile.ts";
import { toAppError } from "../core/errors.ts";
import { type FfmpegDeps, GENERAL_ARGS, OPUS_ARGS } from "./ffmpeg-run.ts";
import { liveFilter } from "./filters.ts";
import { startWithPipes, write } from "./live-decoder.ts";
import type { Tape } from "./live-tape.ts";
import { planLive } from "./loudness.ts";
import { type OggPage, pagesOf } from "./ogg-page.ts";

const RAW_INPUT = "-f f32le -ar 48000 -ac 2 -i pipe:0".split(" ");
// A tenth of a second on each page, written out at once.
const AT_ONCE = "-page_duration 100000 -flush_packets 1 -f ogg pipe:1".split(" ");

/** Takes samples whose gain is set already. */
export interface LiveEncoder {
  /** @throws {AppError} why encoding or writing failed */
  write(block: Float32Array): Promise<void>;
  /** Writes out what it still holds. `isWhole` = the last page says that the song is over. */
  finish(isWhole: boolean): Promise<void>;
  /** Ends it if it is still running. */
  close(): Promise<void>;
}

/** The signal ends it at once. */
export function startEncoder(
  deps: FfmpegDeps,
  { profile, tape }: { readonly profile: AudioProfile; readonly tape: Pick<Tape, "append"> },
  signal: AbortSignal,
): LiveEncoder {
  const { limitDbfs, compression } = planLive(profile);
  const filter = ["-af", liveFilter(limitDbfs, compression)];
  const output = [...OPUS_ARGS, "-b:a", `${profile.bitrateKbps}k`, ...AT_ONCE];
  const stop = new AbortController();
  const args = [...GENERAL_ARGS, ...RAW_INPUT, ...filter, ...output];
  const { running, pipes } = startWithPipes(deps, args, AbortSignal.any([signal, stop.signal]));
  let last: OggPage | undefined;
  const taping = pipes.then(({ stdout }) => tapeAll(stdout, tape, (page) => (last = page)));
  taping.catch(() => undefined);
  return {
    write: async (block) => {
      const { stdin } = await pipes;
      const bytes = new Uint8Array(block.buffer, block.byteOffset, block.byteLength);
      // Who cannot write asks the child or the tape why.
      if (!(await write(stdin, bytes))) await Promise.all([taping, running]);
    },
    finish: async (isWhole) => {
      (await pipes).stdin.end();
      await Promise.all([taping, running]);
      if (isWhole && last) await tape.append(last);
    },
    close: async () => {
      stop.abort();
      await running.catch(() => undefined);
    },
  };
}

/** All pages but the last one. */
async function tapeAll(
  stdout: AsyncIterable<Buffer>,
  tape: Pick<Tape, "append">,
  onLast: (page: OggPage) => void,
): Promise<void> {
  try {
    for await (const page of pagesOf(stdout)) await (page.isLast ? onLast(page) : tape.append(page));
  } catch (error) {
    throw toAppError(error);
  }
}
