import type { LiveSong } from "../audio/live.ts";
import { type CacheEntry, tempoOf, UNMEASURED } from "../core/audio-profile.ts";
import { AppError } from "../core/errors.ts";
import type { Preparation } from "../core/preparation.ts";
import { cacheKey, type Track } from "../core/track.ts";
import type { Arrived, AudioRequest, OpenAudio, Outcome } from "./cached-audio.ts";
import type { Filled } from "./filler.ts";
import { LastingPackets, type Sound } from "./lasting-packets.ts";
import { blobRef } from "./names.ts";
import type { OnAir } from "./on-air.ts";
import type { SharedFill } from "./shared-fill.ts";

/** A fill that runs now. */
export interface RunningFill {
  readonly shared: SharedFill<Filled>;
  /** What the source says about the recording, as soon as it does; it may never. */
  readonly facts: Promise<Track>;
  /** Absent = it is heard when it is finished. */
  readonly sound: OnAir | undefined;
}

/** One who waits for a fill, or hears what it fetches. */
export interface Place {
  /** What is there first: something to hear, or the finished file; `undefined` = another process took it over. */
  readonly first: Promise<Filled | "audible" | undefined>;
  readonly song: LiveSong | undefined;
  /** Resolves, where this was the last listener, when the sound has ended. Idempotent. */
  leave(): Promise<void>;
}

/** Takes a place in a fill. */
export function enter(
  { shared, sound }: RunningFill,
  onProgress: ((progress: Preparation) => void) | undefined,
): Place {
  const leaveFill = shared.enter(onProgress);
  const listening = sound?.join();
  const filled = shared.result.catch(unlessTakenOver);
  const audible = listening?.song.audible.then(() => "audible" as const);
  return {
    first: audible ? Promise.race([audible, filled]) : filled,
    song: listening?.song,
    leave: async () => {
      leaveFill();
      await listening?.leave();
    },
  };
}

/** What is heard while it arrives. */
export interface Heard {
  readonly track: Track;
  readonly request: AudioRequest;
  readonly outcome: Outcome;
  readonly find: () => Promise<CacheEntry | undefined>;
  readonly finished: Sound["finished"];
}

/** What is heard from a place in a fill. Closing it leaves the place. */
export function arrivingAudio(
  { shared, sound }: RunningFill,
  place: Place,
  { track, request, outcome, find, finished }: Heard,
): OpenAudio {
  const { song } = place;
  if (!song) throw new AppError("INTERNAL", { detail: "what is audible has a sound" });
  const key = cacheKey(track);
  const profileId = request.profile.id;
  return {
    entry: {
      key,
      profileId,
      blobRef: blobRef(key, request.profile),
      bytes: 0,
      durationMs: (sound?.arrival.durationMs ?? track.durationMs ?? 0) / tempoOf(request.profile),
      sha256: "",
      sourceLoudness: null,
      loudness: UNMEASURED,
      createdAtMs: 0,
      lastPlayedAtMs: null,
      playCount: 0,
      pinned: false,
      state: "ready",
    },
    outcome,
    isStored: false,
    isArriving: true,
    arrived: shared.result.then((filled) => becomeOf(filled, find)).catch(() => undefined),
    open: (playback, signal) =>
      LastingPackets.open({ open: (...how) => song.open(...how), finished }, playback, signal),
    // The next song does not wait for the last child of this one.
    close: async () => void place.leave().catch(() => undefined),
  };
}

async function becomeOf(
  filled: Filled,
  find: () => Promise<CacheEntry | undefined>,
): Promise<Arrived | undefined> {
  if (filled.how === "unstored") return { entry: filled.entry, isStored: false };
  const entry = await find();
  return entry && { entry, isStored: true };
}

/** This process slept, and another one filled the song: nothing is wrong with it. */
export function unlessTakenOver(error: unknown): undefined {
  if (error instanceof AppError && error.code === "LEASE_LOST") return undefined;
  throw error;
}
