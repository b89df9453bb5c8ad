/** Ways to bring a song to a loudness. All write Ogg Opus, 128 kbit/s, 48 kHz stereo, in 20 ms packets. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { FFMPEG, PROFILE, transcoder } from "./songs.ts";

const run = promisify(execFile);
const TARGET = PROFILE.loudnessTargetLufs ?? -14;
const CEILING = PROFILE.truePeakCeilingDbtp;

export interface Loudness {
  /** NaN = silence. */
  readonly lufs: number;
  readonly peakDbtp: number;
}

export interface Leveller {
  readonly label: string;
  level(fromPath: string, toPath: string): Promise<void>;
}

export const TWO_PASS = "loudnorm, two passes";

export const LEVELLERS: readonly Leveller[] = [
  {
    label: "Encore",
    level: async (fromPath, toPath) => {
      const request = { fromPath, toPath, profile: PROFILE, expectedDurationMs: null, tags: {} };
      await transcoder.normalize(request, new AbortController().signal);
    },
  },
  { label: TWO_PASS, level: twoPassLoudnorm },
  { label: "loudnorm, one pass", level: (from, to) => encode(from, to, `loudnorm=${LOUDNORM}`) },
  {
    label: "plain gain",
    level: async (from, to) =>
      await encode(from, to, `volume=${gainOf(await measure(from))}dB:precision=float`),
  },
  {
    label: "gain, never above the ceiling",
    level: async (from, to) => {
      const found = await measure(from);
      const gainDb = Math.min(gainOf(found), CEILING - found.peakDbtp);
      await encode(from, to, `volume=${gainDb}dB:precision=float`);
    },
  },
  { label: "dynaudnorm", level: (from, to) => encode(from, to, "dynaudnorm") },
];

const LOUDNORM = `I=${TARGET}:TP=${CEILING}:LRA=11`;
const QUIET = ["-nostdin", "-hide_banner", "-y", "-protocol_whitelist", "file,pipe"];
const OUTPUT = "-ar 48000 -ac 2 -c:a libopus -b:a 128k -vbr on -frame_duration 20 -threads 1 -f ogg".split(
  " ",
);

async function ffmpegLog(...args: readonly string[]): Promise<string> {
  const { stderr } = await run(FFMPEG, [...QUIET, ...args], { maxBuffer: 64 * 1024 * 1024 });
  return stderr;
}

async function encode(from: string, to: string, filter: string): Promise<void> {
  await ffmpegLog("-v", "error", "-i", from, "-af", filter, ...OUTPUT, to);
}

/** Measures, then hands the measurement to the second pass, as ffmpeg's documentation shows. */
async function twoPassLoudnorm(from: string, to: string): Promise<void> {
  const log = await ffmpegLog("-i", from, "-af", `loudnorm=${LOUDNORM}:print_format=json`, "-f", "null", "-");
  const found = JSON.parse(log.slice(log.lastIndexOf("{"), log.lastIndexOf("}") + 1)) as Record<
    string,
    string
  >;
  const { input_i: i, input_tp: tp, input_lra: lra, input_thresh: thresh, target_offset: offset } = found;
  const measured = [
    // The filter takes nothing above full scale, though it measures it.
    `measured_I=${Math.min(Number(i), 0)}`,
    `measured_TP=${tp}`,
    `measured_LRA=${lra}`,
    `measured_thresh=${thresh}`,
  ];
  const isMeasured = Number.isFinite(Number(i)) && Number.isFinite(Number(offset));
  const second = isMeasured ? [LOUDNORM, ...measured, `offset=${offset}`, "linear=true"].join(":") : LOUDNORM;
  await encode(from, to, `loudnorm=${second}`);
}

function gainOf({ lufs }: Loudness): number {
  return Number.isNaN(lufs) ? 0 : TARGET - lufs;
}

/** As stereo at 48 kHz, which is what is heard. */
export async function measure(file: string): Promise<Loudness> {
  const filter = "aformat=sample_rates=48000:channel_layouts=stereo,ebur128=peak=true:framelog=verbose";
  const log = await ffmpegLog("-i", file, "-af", filter, "-f", "null", "-");
  const summary = log.slice(log.lastIndexOf("Summary:"));
  const lufs = Number(/^ +I: +(\S+) LUFS$/mu.exec(summary)?.[1]);
  const peak = /^ +Peak: +(\S+) dBFS$/mu.exec(summary)?.[1];
  return {
    lufs: lufs <= -70 ? Number.NaN : lufs,
    peakDbtp: peak === "-inf" ? Number.NEGATIVE_INFINITY : Number(peak),
  };
}
