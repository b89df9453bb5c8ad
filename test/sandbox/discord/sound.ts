// Says what a sound file sounds like, by decoding it with the real ffmpeg: which tone, how loud, how long.
import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);
const SAMPLE_RATE = 48_000;
const WINDOW_SAMPLES = 2 ** 16;
const MAX_OUTPUT_BYTES = 512 * 2 ** 20;
const TIMEOUT_MS = 60_000;

/** What was measured. */
export interface SoundDescription {
  /** Strongest frequency in the middle of the sound, within 1 Hz. */
  readonly dominantFrequencyHz: number;
  /** EBU R 128; `null` = too quiet or too short to have a value. */
  readonly integratedLufs: number | null;
  readonly truePeakDbtp: number | null;
  readonly durationMs: number;
}

export interface SoundWindow {
  readonly fromMs?: number;
  readonly toMs?: number;
  /** Default `ffmpeg` on PATH. */
  readonly ffmpeg?: string;
}

/** Decodes and measures a file or a part of it. @throws {Error} when ffmpeg cannot read it or nothing is in it */
export async function describeSound(path: string, window: SoundWindow = {}): Promise<SoundDescription> {
  const program = window.ffmpeg ?? "ffmpeg";
  const trim = trimFilter(window);
  const input = ["-nostdin", "-hide_banner", "-i", path, "-map", "0:a:0"];
  const decode = [...input, "-af", trim, "-ac", "1", "-ar", String(SAMPLE_RATE), "-f", "f32le", "-"];
  const measure = [...input, "-af", `${trim},ebur128=peak=true:framelog=verbose`, "-f", "null", "-"];
  const [pcm, report] = await Promise.all([
    run(program, decode, { encoding: "buffer", maxBuffer: MAX_OUTPUT_BYTES, timeout: TIMEOUT_MS }),
    run(program, measure, { maxBuffer: MAX_OUTPUT_BYTES, timeout: TIMEOUT_MS }),
  ]);
  const samples = new Float32Array(
    pcm.stdout.buffer.slice(pcm.stdout.byteOffset, pcm.stdout.byteOffset + pcm.stdout.byteLength),
  );
  if (samples.length === 0) throw new Error(`${path} holds no sound in the asked window.`);
  return {
    dominantFrequencyHz: dominantFrequencyHz(samples),
    integratedLufs: summaryValue(report.stderr, /I:\s+(-?[\d.]+|-inf) LUFS/gu, -70),
    truePeakDbtp: summaryValue(report.stderr, /Peak:\s+(-?[\d.]+|-inf) dBFS/gu, -Infinity),
    durationMs: (samples.length / SAMPLE_RATE) * 1000,
  };
}

function trimFilter({ fromMs = 0, toMs }: SoundWindow): string {
  const end = toMs === undefined ? "" : `:end=${toMs / 1000}`;
  return `atrim=start=${fromMs / 1000}${end},asetpts=PTS-STARTPTS`;
}

/** The last match is the summary; `nothing` is the value ffmpeg prints for silence. */
function summaryValue(report: string, pattern: RegExp, nothing: number): number | null {
  const text = [...report.matchAll(pattern)].at(-1)?.[1];
  const value = text === undefined || text === "-inf" ? -Infinity : Number(text);
  return value <= nothing ? null : value;
}

/** Peak of the spectrum of a Hann window in the middle, refined by a parabola through its neighbours. */
export function dominantFrequencyHz(samples: Float32Array): number {
  const start = Math.max(0, Math.floor((samples.length - WINDOW_SAMPLES) / 2));
  const length = Math.min(WINDOW_SAMPLES, samples.length);
  const real = new Float64Array(WINDOW_SAMPLES);
  for (let index = 0; index < length; index += 1) {
    const hann = 0.5 - 0.5 * Math.cos((2 * Math.PI * index) / (length - 1));
    real[index] = (samples[start + index] ?? 0) * hann;
  }
  const power = powerSpectrum(real);
  let peak = 1;
  for (let bin = 2; bin < power.length - 1; bin += 1) if (power[bin]! > power[peak]!) peak = bin;
  const [left, top, right] = [peak - 1, peak, peak + 1].map((bin) => Math.log(power[bin]! + 1e-30));
  const offset = (left! - right!) / (2 * (left! - 2 * top! + right!)) || 0;
  return ((peak + offset) * SAMPLE_RATE) / WINDOW_SAMPLES;
}

/** Power of each frequency bin up to half the sample rate; iterative radix-2 FFT, `real` is overwritten. */
function powerSpectrum(real: Float64Array): Float64Array {
  const size = real.length;
  const imaginary = new Float64Array(size);
  reorder(real);
  for (let span = 2; span <= size; span *= 2) {
    for (let k = 0; k < span / 2; k += 1) butterflies(real, imaginary, span, k);
  }
  return Float64Array.from({ length: size / 2 }, (_, bin) => real[bin]! ** 2 + imaginary[bin]! ** 2);
}

function butterflies(real: Float64Array, imaginary: Float64Array, span: number, k: number): void {
  const cos = Math.cos((-2 * Math.PI * k) / span);
  const sin = Math.sin((-2 * Math.PI * k) / span);
  for (let even = k; even < real.length; even += span) {
    const odd = even + span / 2;
    const r = real[odd]! * cos - imaginary[odd]! * sin;
    const i = real[odd]! * sin + imaginary[odd]! * cos;
    real[odd] = real[even]! - r;
    imaginary[odd] = imaginary[even]! - i;
    real[even] = real[even]! + r;
    imaginary[even] = imaginary[even]! + i;
  }
}

function reorder(real: Float64Array): void {
  for (let index = 1, mirrored = 0; index < real.length; index += 1) {
    let bit = real.length >> 1;
    for (; mirrored & bit; bit >>= 1) mirrored ^= bit;
    mirrored ^= bit;
    if (index < mirrored) [real[index], real[mirrored]] = [real[mirrored]!, real[index]!];
  }
}
