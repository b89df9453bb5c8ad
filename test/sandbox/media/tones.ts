/** Makes real audio files with ffmpeg: one tone at a measured loudness. Files are kept between runs. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Raise it when the same spec would give other bytes. */
const GENERATION = 1;
const TOLERANCE_LU = 0.05;
const MAX_ROUNDS = 5;

export type ToneFormat = "webm" | "m4a";

export interface ToneSpec {
  readonly frequencyHz: number;
  /** Integrated loudness (EBU R 128) the finished file has, within 0.05 LU where the codec allows. */
  readonly loudnessLufs: number;
  readonly durationMs: number;
  /** WebM with Opus at 48 kHz, or MP4 with AAC at 44.1 kHz. */
  readonly format: ToneFormat;
}

export interface ToneFile {
  readonly path: string;
  readonly bytes: number;
  /** As measured on the finished file. */
  readonly loudnessLufs: number;
}

export interface ToneTools {
  readonly ffmpegPath: string;
  /** Where finished files are kept; default: one folder of the system's temporary folder. */
  readonly cacheDirectory?: string;
}

const ENCODERS: Record<ToneFormat, readonly string[]> = {
  webm: ["-ar", "48000", "-c:a", "libopus", "-b:a", "96k", "-f", "webm"],
  m4a: ["-ar", "44100", "-c:a", "aac", "-b:a", "128k", "-movflags", "+faststart", "-f", "mp4"],
};

/** A stereo tone of exactly this loudness; made once per machine, then found again. */
export async function makeTone(spec: ToneSpec, tools: ToneTools): Promise<ToneFile> {
  const directory = tools.cacheDirectory ?? path.join(tmpdir(), `encore-test-media-${GENERATION}`);
  await mkdir(directory, { recursive: true });
  const key = createHash("sha256").update(JSON.stringify(spec)).digest("hex").slice(0, 24);
  const file = path.join(directory, `${key}.${spec.format}`);
  return (await findTone(file)) ?? (await buildTone(file, spec, tools.ffmpegPath));
}

/** Integrated loudness of a file's audio in LUFS, to three decimals. */
export async function measureLoudness(file: string, ffmpegPath: string): Promise<number> {
  const filter = "ebur128=metadata=1,ametadata=mode=print:key=lavfi.r128.I:file=-";
  const args = ["-nostdin", "-v", "error", "-i", file, "-map", "0:a:0", "-af", filter, "-f", "null", "-"];
  const { stdout } = await run(ffmpegPath, args, { maxBuffer: 64 * 1024 * 1024 });
  const last = stdout.trimEnd().split("=").at(-1);
  const loudnessLufs = Number(last);
  if (!Number.isFinite(loudnessLufs)) throw new Error(`no loudness in ffmpeg's answer for ${file}`);
  return loudnessLufs;
}

async function findTone(file: string): Promise<ToneFile | undefined> {
  try {
    const facts = JSON.parse(await readFile(`${file}.json`, "utf8")) as { loudnessLufs: number };
    return { path: file, bytes: (await stat(file)).size, loudnessLufs: facts.loudnessLufs };
  } catch {
    return undefined;
  }
}

async function buildTone(file: string, spec: ToneSpec, ffmpegPath: string): Promise<ToneFile> {
  const draft = `${file}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  // A stereo sine of full scale at 1 kHz has about 0 LUFS, so the target itself is the first guess.
  let gainDb = spec.loudnessLufs;
  let loudnessLufs = Number.NaN;
  try {
    for (let round = 0; round < MAX_ROUNDS; round++) {
      await encode(draft, spec, { gainDb, ffmpegPath });
      loudnessLufs = await measureLoudness(draft, ffmpegPath);
      const missLu = spec.loudnessLufs - loudnessLufs;
      if (Math.abs(missLu) <= TOLERANCE_LU) break;
      gainDb += missLu;
    }
    // The facts come last: a file without them is not taken for finished.
    await rename(draft, file);
    await writeFile(`${draft}.json`, JSON.stringify({ ...spec, loudnessLufs }));
    await rename(`${draft}.json`, `${file}.json`);
  } finally {
    await rm(draft, { force: true });
  }
  return { path: file, bytes: (await stat(file)).size, loudnessLufs };
}

async function encode(
  file: string,
  spec: ToneSpec,
  { gainDb, ffmpegPath }: { gainDb: number; ffmpegPath: string },
): Promise<void> {
  const amplitude = 10 ** (gainDb / 20);
  const wave = `${amplitude.toFixed(8)}*sin(2*PI*${spec.frequencyHz}*t)`;
  const source = `aevalsrc=exprs=${wave}|${wave}:s=48000:d=${spec.durationMs / 1000}`;
  const args = ["-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i", source];
  await run(ffmpegPath, [...args, "-bitexact", ...ENCODERS[spec.format], file]);
}
