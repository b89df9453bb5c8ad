import * as path from "node:path";
import type { OggOpusFacts, Transcoder } from "../audio/transcoder.ts";
import { type AudioProfile, type Loudness, tempoOf } from "../core/audio-profile.ts";
import { audioTags } from "../core/audio-tags.ts";
import { AppError, toAppError } from "../core/errors.ts";
import type { CacheKey, Track } from "../core/track.ts";
import type { OnStep } from "../core/step.ts";
import type { Preparation } from "../core/preparation.ts";
import { type AdmissionLimits, refuseAdmission } from "../policy/admission.ts";
import type { Source } from "../sources/source.ts";
import type { ArrivingSong } from "./arriving-song.ts";
import { fromOriginal, type Originals } from "./originals.ts";
import { fromPlainFile, type PlainFile } from "./plain-file.ts";
import { clearWork, newWorkToken } from "./work-folder.ts";

export interface FillLimits extends AdmissionLimits {
  readonly maxDownloadBytes: number;
  /** Free space that is always left on the disk of the cache. */
  readonly freeDiskFloorBytes: number;
}

export interface FillDeps {
  readonly onStep?: OnStep;
  readonly source: Pick<Source, "download">;
  readonly transcoder: Transcoder;
  /** Absolute path of the scratch folder, on the file system of the cache. */
  readonly workDirectory: string;
  readonly limits: FillLimits;
  /** Free space on the disk of the cache, in bytes. */
  readonly freeDiskBytes: () => Promise<number>;
  /** Downloads of before; absent = none are kept, none are used. */
  readonly originals?: Originals;
}

export interface FillRequest {
  readonly key: CacheKey;
  readonly track: Track;
  readonly profile: AudioProfile;
  readonly onProgress: (progress: Preparation) => void;
  /** Told what the source says about the recording, before it is judged whether it may be fetched. */
  readonly onTrack?: (track: Track) => void;
  /** Told of the download, for those who hear it meanwhile. */
  readonly arrival?: ArrivingSong;
  /** The song without the effect that is wanted, from which it is made. */
  readonly plainFile?: PlainFile | undefined;
}

/** A finished, checked file that still stands in the scratch folder, as does what it was made of. */
export interface FilledAudio {
  readonly path: string;
  /** The download; absent = it was made of another file of the cache. */
  readonly sourcePath?: string;
  /** What the source said with the download; fresher than what was asked with. */
  readonly track: Track;
  readonly facts: OggOpusFacts;
  /** `null` = the file that it was made of does not know it. */
  readonly sourceLoudness: Loudness | null;
  readonly loudness: Loudness;
}

/**
 * M5 to M8 of the miss path: download (or take what is kept of it), sniff, normalize, accept. Hands the result to
 * `publish` and removes every scratch file afterwards, whatever happened.
 */
export async function fill<T>(
  deps: FillDeps,
  request: FillRequest,
  publish: (audio: FilledAudio) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  const scratchName = path.join(deps.workDirectory, `${request.key}.${newWorkToken()}`);
  const sourcePath = `${scratchName}.src`;
  const resultPath = `${scratchName}.opus`;
  request.arrival?.place(scratchName);
  const make = async (track: Track): Promise<FilledAudio> =>
    normalize(deps, { ...request, track }, { sourcePath, resultPath }, signal);
  try {
    const { originals } = deps;
    const { plainFile } = request;
    const remake = async ({ sourceLoudness }: PlainFile): Promise<FilledAudio> => {
      const { sourcePath: _, ...audio } = await make(request.track);
      return { ...audio, sourceLoudness };
    };
    const place = { key: request.key, path: sourcePath };
    const audio =
      (originals && (await fromOriginal(originals, place, () => make(request.track)))) ??
      (plainFile && (await fromPlainFile(plainFile, sourcePath, () => remake(plainFile)))) ??
      (await make(await download(deps, request, sourcePath, signal)));
    return await publish(audio);
  } finally {
    await clearWork(deps.workDirectory, `${path.basename(scratchName)}.`);
  }
}

async function normalize(
  deps: FillDeps,
  request: FillRequest,
  { sourcePath, resultPath }: { readonly sourcePath: string; readonly resultPath: string },
  signal: AbortSignal,
): Promise<FilledAudio> {
  const { track, profile } = request;
  deps.onStep?.("M5 downloaded");
  request.arrival?.complete(sourcePath);
  request.onProgress({ status: "normalizing" });
  const { sourceLoudness, loudness } = await deps.transcoder.normalize(
    {
      fromPath: sourcePath,
      toPath: resultPath,
      profile,
      expectedDurationMs: track.durationMs,
      tags: audioTags(track, profile.id, tempoOf(profile)),
      onMeasured: ({ integratedLufs }) => request.arrival?.accept(integratedLufs),
    },
    signal,
  );
  deps.onStep?.("M7 normalized");
  const facts = await deps.transcoder.inspect(resultPath, signal);
  // A source that knows no length could not be refused before.
  const refusal = refuseAdmission(
    { ...track, durationMs: track.durationMs ?? facts.durationMs * tempoOf(profile) },
    deps.limits,
  );
  if (refusal) throw refusal;
  deps.onStep?.("M8 accepted");
  return { path: resultPath, sourcePath, track, facts, sourceLoudness, loudness };
}

async function download(
  deps: FillDeps,
  request: FillRequest,
  toPath: string,
  signal: AbortSignal,
): Promise<Track> {
  const { limits } = deps;
  // A download that turns out to be live or too long is stopped as soon as its facts arrive.
  const refused = new AbortController();
  const check = (track: Track): void => {
    const refusal = refuseAdmission(track, limits);
    if (refusal) refused.abort(refusal);
  };
  check(request.track);
  try {
    refused.signal.throwIfAborted();
    const done = await deps.source.download(
      {
        target: request.track,
        toPath,
        limits: { maxBytes: limits.maxDownloadBytes, maxDurationMs: limits.maxDurationMs },
        onTrack: (track) => {
          request.onTrack?.(track);
          request.arrival?.told(track);
          check(track);
        },
        onFile: (file) => request.arrival?.begin(file),
        onProgress: (progress) => request.onProgress({ status: "downloading", ...progress }),
      },
      AbortSignal.any([signal, refused.signal]),
    );
    check(done.track);
    refused.signal.throwIfAborted();
    return merge(request.track, done.track);
  } catch (error) {
    if (refused.signal.aborted) throw toAppError(refused.signal.reason);
    if (signal.aborted) throw new AppError("ABORTED", {}, { cause: error });
    throw toAppError(error);
  }
}

/** Fresh facts win, but an extractor that knows less takes nothing away. */
function merge(known: Track, fresh: Track): Track {
  return {
    ...known,
    ...fresh,
    title: fresh.title || known.title,
    artist: fresh.artist || known.artist,
    durationMs: fresh.durationMs ?? known.durationMs,
    thumbnailUrl: fresh.thumbnailUrl ?? known.thumbnailUrl,
  };
}
