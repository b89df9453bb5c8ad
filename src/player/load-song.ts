import { untilAborted } from "../core/abort.ts";
import type { AudioWish, ProvideAudio } from "./playable-audio.ts";
import { closeReady, openReady, type ReadySong } from "./ready-song.ts";
import { RunningSong } from "./running-song.ts";
import type { VoiceLink } from "./voice-link.ts";

interface Loading {
  readonly provide: ProvideAudio;
  readonly wish: AudioWish;
  /** What stood by for it, if anything did. */
  readonly ready: ReadySong | undefined;
  readonly joining: Promise<VoiceLink>;
}

/**
 * Makes a song ready to be heard. Joining a channel takes longer than opening a cached song, so both run side by side.
 * @throws {AppError} why it cannot be played or the channel not be joined; nothing stays open then
 */
export async function loadSong(
  { provide, wish, ready, joining }: Loading,
  signal: AbortSignal,
): Promise<RunningSong> {
  const unheard = new AbortController();
  joining.catch((error: unknown) => unheard.abort(error));
  const waiting = AbortSignal.any([signal, unheard.signal]);
  const { item } = wish;
  try {
    const opened = ready ?? (await openReady(await provide(wish, waiting), item, waiting));
    const link = await untilAborted(joining, signal).catch(async (error: unknown) => {
      await closeReady(opened);
      throw error;
    });
    return new RunningSong({ item, ...opened, link });
  } catch (error) {
    // Where we may not join there is no point in fetching first.
    throw unheard.signal.aborted ? unheard.signal.reason : error;
  }
}
