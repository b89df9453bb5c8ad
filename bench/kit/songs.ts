/** The songs that are played: made by ffmpeg from seeds, the same on every machine, kept in the temporary folder. */
import { execFile } from "node:child_process";
import { mkdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { createFfmpegTranscoder } from "../../src/audio/ffmpeg.ts";
import { audioProfiles } from "../../src/core/audio-profiles.ts";
import { silentLogger } from "../../src/core/logger.ts";
import { createProcessRunner } from "../../src/process/child-runner.ts";

const run = promisify(execFile);

/** Raise it when the same seed would give other bytes. */
const GENERATION = 1;
/** Where made files are kept. */
export const SONGS_FOLDER = path.join(tmpdir(), `encore-bench-media-${GENERATION}`);
export const FFMPEG = "ffmpeg";
/** What Encore plays by default. */
export const PROFILE = audioProfiles({
  loudnessTargetLufs: -14,
  truePeakCeilingDbtp: -1,
  bitrateKbps: 128,
}).standard;
export const transcoder = createFfmpegTranscoder({
  runner: createProcessRunner({ graceMs: 1_000 }),
  ffmpegPath: FFMPEG,
  logger: silentLogger,
});

export interface SteadySong {
  readonly name: string;
  readonly durationMs: number;
  /** As a source has it: WebM/Opus. */
  readonly path: string;
  /** As Encore keeps it: Ogg Opus at its target loudness. What the peers are given to play, too. */
  readonly keptPath: string;
}

export interface BenchSong extends SteadySong {
  /** Its silent stretch, in which a seek begins that is heard to end in music. */
  readonly silence: { readonly fromMs: number; readonly toMs: number };
}

/** Runs ffmpeg. @throws {Error} with what it wrote to stderr */
export async function ffmpeg(...args: readonly string[]): Promise<void> {
  await run(FFMPEG, ["-nostdin", "-v", "error", "-y", ...args], { maxBuffer: 1024 * 1024 });
}

/** Makes a file unless it is there; half a file never gets the name. */
export async function made(name: string, make: (draft: string) => Promise<unknown>): Promise<string> {
  const file = path.join(SONGS_FOLDER, name);
  if (await stat(file).catch(() => undefined)) return file;
  await mkdir(SONGS_FOLDER, { recursive: true });
  const draft = path.join(SONGS_FOLDER, `${process.pid}.${name}`);
  try {
    await make(draft);
    await rename(draft, file);
  } finally {
    await rm(draft, { force: true });
  }
  return file;
}

/** 3.5 minutes, with a minute of silence from 0:10 on. */
export async function shortSong(): Promise<BenchSong> {
  return await song("short", { silenceMs: 60_000, durationMs: 210_000 });
}

/** An hour, with two minutes of silence from 0:10 on. */
export async function longSong(): Promise<BenchSong> {
  return await song("long", { silenceMs: 120_000, durationMs: 3_600_000 });
}

/** Two seconds, with sound from the first to the last. */
export async function jingle(seed: number): Promise<SteadySong> {
  return await steady(`jingle ${seed}`, seed, 2_000);
}

/** More than two minutes of sound. */
export async function steadySong(): Promise<SteadySong> {
  return await steady("steady", 2, UNIT_MS);
}

async function steady(name: string, seed: number, durationMs: number): Promise<SteadySong> {
  const source = await music(seed, durationMs);
  return { name, durationMs, path: source, keptPath: await kept(source, durationMs) };
}

const INTRO_MS = 10_000;
const UNIT_MS = 140_000;

/** Ten seconds of music, silence, then the same 140 seconds of music as often as it fits. */
async function song(
  name: string,
  { silenceMs, durationMs }: { silenceMs: number; durationMs: number },
): Promise<BenchSong> {
  const parts = [await music(1, INTRO_MS), await silence(silenceMs)];
  const unit = await music(2, UNIT_MS);
  for (let ms = INTRO_MS + silenceMs; ms < durationMs; ms += UNIT_MS) parts.push(unit);
  const source = await made(`${name}.webm`, async (draft) => {
    const list = `${draft}.txt`;
    await writeFile(list, parts.map((part) => `file '${part}'\n`).join(""));
    const input = ["-f", "concat", "-safe", "0", "-i", list, "-t", String(durationMs / 1_000)];
    await ffmpeg(...input, "-c", "copy", "-f", "webm", draft);
    await rm(list);
  });
  const toMs = INTRO_MS + silenceMs;
  return {
    name,
    durationMs,
    path: source,
    keptPath: await kept(source, durationMs),
    silence: { fromMs: INTRO_MS, toMs },
  };
}

const WEBM = ["-ac", "2", "-ar", "48000", "-c:a", "libopus", "-b:a", "128k", "-bitexact", "-f", "webm"];

/** Something with chords, a bass, beats, and loud and quiet passages. */
export async function music(seed: number, durationMs: number): Promise<string> {
  return await made(`music-${seed}-${durationMs}.webm`, async (draft) => {
    await ffmpeg("-filter_complex", `${musicGraph(seed, durationMs)}[out]`, "-map", "[out]", ...WEBM, draft);
  });
}

/** The filter graph of {@link music}, without an output label. */
export function musicGraph(seed: number, durationMs: number): string {
  const seconds = durationMs / 1_000;
  const root = 110 * 2 ** ((seed % 12) / 12);
  const note = (semitones: number): string => (root * 2 ** (semitones / 12)).toFixed(2);
  const chord = [12, 16, 19].map((semitones) => `sin(2*PI*${note(semitones)}*t)`).join("+");
  const bass = `0.35*sin(2*PI*${note(0)}*t)*exp(-2*mod(t,0.5))`;
  const lead = `0.2*sin(2*PI*${note(24)}*t+3*sin(2*PI*5*t))*(0.5+0.5*sin(2*PI*0.3*t))`;
  const level = "if(lt(mod(t,28),9),0.35,0.9)";
  return [
    `aevalsrc=exprs='${level}*(0.12*(${chord})+${bass}+${lead})':s=24000:d=${seconds},aresample=48000[tones]`,
    `anoisesrc=color=pink:seed=${seed}:sample_rate=48000:amplitude=0.5:duration=${seconds},volume='exp(-9*mod(t,0.5))':eval=frame[beats]`,
    "[tones][beats]amix=inputs=2:duration=first:normalize=0,pan=stereo|c0=c0|c1=0.9*c0",
  ].join(";");
}

async function silence(durationMs: number): Promise<string> {
  return await made(`silence-${durationMs}.webm`, async (draft) => {
    await ffmpeg("-f", "lavfi", "-i", `anullsrc=d=${durationMs / 1_000}`, ...WEBM, draft);
  });
}

/** The file as Encore would keep it. `.ogg`, because there are peers that judge by the name. */
async function kept(source: string, durationMs: number): Promise<string> {
  const { name } = path.parse(source);
  return await made(`${name}.kept.ogg`, async (draft) => {
    const request = {
      fromPath: source,
      toPath: draft,
      profile: PROFILE,
      expectedDurationMs: durationMs,
      tags: {},
    };
    await transcoder.normalize(request, new AbortController().signal);
  });
}
