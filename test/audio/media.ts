// Real audio files for the tests, made by the real ffmpeg, and the transcoder under test.
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { createFfmpegTranscoder } from "../../src/audio/ffmpeg.ts";
import type { Examiner, NormalizeRequest, Transcoder } from "../../src/audio/transcoder.ts";
import { audioProfile } from "../../src/core/audio-profile.ts";
import { silentLogger } from "../../src/core/logger.ts";
import { createProcessRunner } from "../../src/process/child-runner.ts";

export const NEVER = new AbortController().signal;

export const STANDARD = audioProfile("standard", {
  loudnessTargetLufs: -14,
  truePeakCeilingDbtp: -1,
  bitrateKbps: 128,
  channels: 2,
  pipelineVersion: 1,
});

export const runner = createProcessRunner({ graceMs: 100 });

/** The real thing; with ENCORE_TEST_FFMPEG another build of it. */
export function transcoder(
  ffmpegPath = process.env["ENCORE_TEST_FFMPEG"] ?? "ffmpeg",
): Transcoder & Examiner {
  return createFfmpegTranscoder({ runner, ffmpegPath, logger: silentLogger });
}

export async function temporaryFolder(): Promise<string> {
  return mkdtemp(path.join(tmpdir(), "encore-audio-"));
}

export async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}

/** Runs ffmpeg to make something. */
export async function ffmpeg(...args: readonly string[]): Promise<void> {
  await promisify(execFile)("ffmpeg", ["-v", "error", "-nostdin", "-y", ...args]);
}

/** Two steady tones, a little different in each ear. */
export const TONES = "0.3*sin(440*2*PI*t)+0.1*sin(660*2*PI*t)|0.3*sin(440*2*PI*t)+0.1*sin(880*2*PI*t)";
/** Drum-like bursts of noise over a soft tone that comes and goes: peaks 15 dB above the loudness. Needs a multiple of 4 seconds. */
export const DRUMS = ["440", "554"]
  .map((hz) => `0.7*random(0)*exp(-12*mod(t,0.5))+0.15*sin(${hz}*2*PI*t)*(0.2+0.8*gt(mod(t,4),2))`)
  .join("|");
/** Drums over a tone in passages of 6 seconds, each 9 dB softer than the one before, then loud again: 48 seconds. */
export const STEPS = ["660", "880"]
  .map((hz) => `(0.25*sin(330*2*PI*t)+0.12*sin(${hz}*2*PI*t)+0.4*random(0)*exp(-10*mod(t,0.5)))`)
  .map((music) => `${music}*pow(10,(13.5*gt(mod(t,24),18)-9*floor(mod(t,24)/6))/20)`)
  .join("|");
/** Their integrated loudness as written above, in LUFS. */
export const LOUDNESS = new Map([
  [TONES, -10.7],
  [DRUMS, -15.7],
  [STEPS, -15.6],
]);

/** `-i` and the filter for a signal of `seconds` at a loudness. */
export function signal(expression: string, seconds: number, lufs = -20): string[] {
  const gainDb = lufs - (LOUDNESS.get(expression) ?? 0);
  const escaped = expression.replaceAll(",", "\\,");
  const source = `aevalsrc=${escaped}:d=${seconds}:s=48000`;
  return ["-f", "lavfi", "-i", source, "-af", `volume=${gainDb}dB:precision=float`];
}

export function request(
  folder: string,
  fromPath: string,
  more: Partial<NormalizeRequest> = {},
): NormalizeRequest {
  const toPath = path.join(folder, "result.opus");
  return { fromPath, toPath, profile: STANDARD, expectedDurationMs: null, tags: {}, ...more };
}

export async function write(folder: string, name: string, content: Buffer | string): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, content);
  return file;
}

/** Loudness range of a file, EBU Tech 3342, in LU. */
export async function loudnessRangeLu(file: string): Promise<number> {
  const args = ["-nostdin", "-hide_banner", "-nostats", "-i", file, "-af", "ebur128", "-f", "null", "-"];
  const { stderr } = await promisify(execFile)("ffmpeg", args, { maxBuffer: 2 ** 24 });
  return Number(/LRA: +(\S+) LU/u.exec(stderr.slice(stderr.lastIndexOf("Summary:")))?.[1]);
}
