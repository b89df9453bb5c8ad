// What is asked of services beside the audio: lyrics, and parts of songs to leave out.
import type { Config } from "../config/config.ts";
import { systemClock } from "../core/clock.ts";
import type { GuildOptionBook } from "../core/guild-options.ts";
import type { Logger } from "../core/logger.ts";
import type { LyricsFinder } from "../core/lyrics.ts";
import type { Track } from "../core/track.ts";
import { LyricsRows } from "../db/lyrics.ts";
import type { Database } from "../db/schema.ts";
import { Segments } from "../db/segments.ts";
import type { FindCuts } from "../player/playable-audio.ts";
import { Lrclib } from "../services/lrclib.ts";
import { SponsorBlock } from "../services/sponsorblock.ts";
import { createSideService, type SideService } from "../sources/side-service.ts";

export interface SideServiceDeps {
  readonly config: Pick<Config, "sources">;
  readonly db: Database;
  /** The recording of a song that may be only named; `undefined` = it is not known. */
  readonly matcher: { known(song: Track): Promise<Track | undefined> };
  readonly options: Pick<GuildOptionBook, "of">;
  readonly log: Logger;
}

const LYRICS_TIMEOUT_MS = 5_000;
const LYRICS_LIMIT_BYTES = 2 * 1024 * 1024;
const SEGMENTS_TIMEOUT_MS = 3_000;
/** The catalogue of lyrics asks who is asking. */
const HEADERS = { "user-agent": "Encore", "lrclib-client": "Encore", accept: "application/json" };

export function createSideServices(deps: SideServiceDeps): {
  readonly lyrics: LyricsFinder;
  readonly cuts: FindCuts;
} {
  const { matcher, options } = deps;
  const [lrclib, sponsorBlock] = [createLrclib(deps), createSponsorBlock(deps)];
  return {
    lyrics: {
      find: async (track, signal) => {
        const recording = await matcher.known(track);
        // A service that names songs knows their names better; how long it is says the recording.
        const { title, artist } = track;
        return recording && (await lrclib.find({ ...recording, title, artist }, signal));
      },
    },
    cuts: async ({ guildId, item }, signal) => {
      if (!options.of(guildId).sponsorBlock) return [];
      const recording = await matcher.known(item.track);
      return recording ? await sponsorBlock.cutsOf(recording, signal) : [];
    },
  };
}

function createLrclib(deps: SideServiceDeps): Lrclib {
  const url = deps.config.sources.serviceUrls.lrclib ?? "https://lrclib.net";
  const service = serviceAt(deps, url, { timeoutMs: LYRICS_TIMEOUT_MS, limitBytes: LYRICS_LIMIT_BYTES });
  return new Lrclib({ service, memory: new LyricsRows(deps.db), clock: systemClock });
}

function createSponsorBlock(deps: SideServiceDeps): SponsorBlock {
  const url = deps.config.sources.serviceUrls.sponsorblock ?? "https://sponsor.ajay.app";
  const service = serviceAt(deps, url, { timeoutMs: SEGMENTS_TIMEOUT_MS });
  return new SponsorBlock({ service, memory: new Segments(deps.db), clock: systemClock, log: deps.log });
}

function serviceAt(
  { config }: SideServiceDeps,
  baseUrl: string,
  limits: { readonly timeoutMs: number; readonly limitBytes?: number },
): SideService {
  const proxyUrl = config.sources.proxyUrl?.reveal();
  return createSideService({ baseUrl, proxyUrl, clock: systemClock, headers: HEADERS, ...limits });
}
