/** Songs whose kept bytes are known beforehand: each process can tell right bytes from wrong ones by itself. */
import { createHash } from "node:crypto";
import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { createFfmpegTranscoder } from "../../../src/audio/ffmpeg.ts";
import { createLiveTranscoder } from "../../../src/audio/live-leg.ts";
import type { LiveTranscoder } from "../../../src/audio/live.ts";
import { openOpusFile } from "../../../src/audio/opus-file.ts";
import type { Examiner, Transcoder } from "../../../src/audio/transcoder.ts";
import { type Loudness, audioProfile } from "../../../src/core/audio-profile.ts";
import { silentLogger } from "../../../src/core/logger.ts";
import type { Track } from "../../../src/core/track.ts";
import { createProcessRunner } from "../../../src/process/child-runner.ts";
import { packetsIn } from "../../fakes/packets.ts";
import { youtubeTrack } from "../../fakes/tracks.ts";
import { oggOpus } from "../../sandbox/discord/ogg-writer.ts";
import { makeTone } from "../../sandbox/media/tones.ts";

export const NEVER = new AbortController().signal;

export const PROFILE = audioProfile("standard", {
  loudnessTargetLufs: -14,
  truePeakCeilingDbtp: -1,
  bitrateKbps: 64,
  channels: 2,
  pipelineVersion: 1,
});

const real = { runner: createProcessRunner({ graceMs: 100 }), ffmpegPath: "ffmpeg", logger: silentLogger };

/** The real thing. */
export const ffmpeg: Transcoder & Examiner = createFfmpegTranscoder(real);

/** The real thing. */
export const live: LiveTranscoder = createLiveTranscoder({ ...real, openOpusFile });

/** `song0000042`: a valid ID for each number. */
export function songId(number: number): string {
  return `song${String(number).padStart(7, "0")}`;
}

export function song(number: number): Track {
  return youtubeTrack(songId(number));
}

/** What the songs of a lab are made of. */
export interface Material {
  /** What the source serves for every song. */
  readonly sourceFile: string;
  readonly sourceSha256: string;
  /** Its packets behind the real normalizer, with their loudness. */
  readonly packets: readonly Buffer[];
  readonly loudness: Loudness;
}

/** Sends one second of music through the real normalizer and keeps all of it in a folder. */
export async function makeMaterial(folder: string): Promise<void> {
  const tone = await makeTone(
    { frequencyHz: 440, loudnessLufs: -20, durationMs: 1_000, format: "webm" },
    { ffmpegPath: "ffmpeg" },
  );
  await copyFile(tone.path, path.join(folder, "source.webm"));
  const work = await mkdtemp(path.join(tmpdir(), "encore-material-"));
  const toPath = path.join(work, "normalized.opus");
  const request = { fromPath: tone.path, toPath, profile: PROFILE, expectedDurationMs: 1_000, tags: {} };
  const { loudness } = await ffmpeg.normalize(request, NEVER);
  await copyFile(toPath, path.join(folder, "normalized.opus"));
  await writeFile(path.join(folder, "loudness.json"), JSON.stringify(loudness));
  await rm(work, { recursive: true });
}

export async function loadMaterial(folder: string): Promise<Material> {
  const sourceFile = path.join(folder, "source.webm");
  return {
    sourceFile,
    sourceSha256: sha256(await readFile(sourceFile)),
    packets: await packetsIn(path.join(folder, "normalized.opus")),
    loudness: JSON.parse(await readFile(path.join(folder, "loudness.json"), "utf8")) as Loudness,
  };
}

/** The packets of a song: each song is cut elsewhere, so that no two sound the same. */
export function packetsOf(material: Material, id: string): readonly Buffer[] {
  return material.packets.slice(Number(id.slice(4)) % 20);
}

/** The whole file of a song, as the quick transcoder writes it. */
export function fileOf(material: Material, tags: Readonly<Record<string, string>>): Buffer {
  return oggOpus(packetsOf(material, tags["ENCORE_ID"] ?? ""), tags);
}

/** What a listener of a song must hear, as one number. */
export function soundOf(packets: readonly Buffer[]): string {
  return sha256(
    Buffer.concat(packets.map((packet) => Buffer.concat([Buffer.of(packet.length & 255), packet]))),
  );
}

export function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
