// How loud a part of a file's spectrum, of its time or of one of its channels is.
import { execFile } from "node:child_process";
import { promisify } from "node:util";

interface Part {
  readonly fromMs?: number;
  readonly toMs?: number;
  readonly channel?: 0 | 1;
  readonly filter?: string;
}

/** Mean level in dBFS; what is missing counts as -120. */
export async function levelDb(file: string, { fromMs = 0, toMs, channel, filter }: Part): Promise<number> {
  const end = toMs === undefined ? "" : `:end=${toMs / 1000}`;
  const chain = [
    `atrim=start=${fromMs / 1000}${end}`,
    ...(channel === undefined ? [] : [`pan=mono|c0=c${channel}`]),
    ...(filter === undefined ? [] : [filter]),
    "astats=measure_perchannel=none:measure_overall=RMS_level",
  ];
  const args = [
    "-nostdin",
    "-hide_banner",
    "-nostats",
    "-i",
    file,
    "-af",
    chain.join(","),
    "-f",
    "null",
    "-",
  ];
  const { stderr } = await promisify(execFile)("ffmpeg", args, { maxBuffer: 2 ** 24 });
  const level = Number(/RMS level dB: (\S+)/u.exec(stderr)?.[1]);
  return Number.isFinite(level) ? Math.max(level, -120) : -120;
}

/** Level in dBFS of what is near a frequency, in either ear. */
export async function bandDb(file: string, frequencyHz: number, widthHz = frequencyHz / 5): Promise<number> {
  const band = `bandpass=f=${frequencyHz}:width_type=h:w=${widthHz}`;
  return await levelDb(file, { filter: `${band},${band}` });
}
