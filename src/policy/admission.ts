/** What may be fetched, and what of it is stored. */
import { AppError } from "../core/errors.ts";
import type { Track } from "../core/track.ts";
import { formatDuration } from "../core/format.ts";

export interface AdmissionLimits {
  readonly maxDurationMs: number;
}

/** Why a recording may not be fetched; `undefined` = it may. */
export function refuseAdmission(track: Track, limits: AdmissionLimits): AppError | undefined {
  if (track.isLive) return new AppError("LIVE_NOT_SUPPORTED");
  if (track.durationMs !== null && track.durationMs > limits.maxDurationMs) {
    return new AppError("TRACK_TOO_LONG", { limit: formatDuration(limits.maxDurationMs) });
  }
  return undefined;
}

/** Whether songs of a kind are stored when they have been played. */
export type KeepVerdict = "always" | "never";

/** What a rule is about. */
export type KeepScope =
  /** Songs that come from this list; its id at its source. */
  | { readonly kind: "playlist"; readonly name: string }
  /** Songs of this channel, uploader or artist. */
  | { readonly kind: "channel"; readonly name: string }
  | { readonly kind: "longer" | "shorter"; readonly minutes: number }
  /** Songs asked for in this text channel, or from within this voice channel; its Discord id. */
  | { readonly kind: "room"; readonly name: string }
  /** Songs of this family of recordings: `youtube`, `direct`. */
  | { readonly kind: "source"; readonly name: string }
  | { readonly kind: "guild" };

/** What a guild said about the songs that are asked for in it. */
export interface KeepRule {
  readonly scope: KeepScope;
  readonly verdict: KeepVerdict;
}

/** How a song was asked for. */
export interface Asked {
  readonly guildId: string;
  /** `undefined` = the song alone was asked for. */
  readonly playlistId?: string | undefined;
  /** The text channel, and the voice channel of the one who asked. */
  readonly roomIds?: readonly string[] | undefined;
  /** Discord id of who asked; for the history. */
  readonly personId?: string | undefined;
  /** Nobody asked: it went on by itself. */
  readonly isAutoplay?: boolean | undefined;
}

/** The precedence of rules: what is nearer to the song counts before what is wider. */
const NEAREST_FIRST: readonly (readonly KeepScope["kind"][])[] = [
  ["playlist"],
  ["channel"],
  ["longer", "shorter"],
  ["room"],
  ["source"],
  ["guild"],
];

/**
 * Whether a song is stored. The nearest rule that fits decides; of rules that are equally near (two rooms, two
 * lengths) one `never` is enough. Without any rule songs are stored. A length that is not known fits no rule.
 */
export function isKept(rules: readonly KeepRule[], track: Track, asked: Asked): boolean {
  for (const kinds of NEAREST_FIRST) {
    const fitting = rules.filter(({ scope }) => kinds.includes(scope.kind) && fits(scope, track, asked));
    if (fitting.length > 0) return fitting.every(({ verdict }) => verdict === "always");
  }
  return true;
}

const MINUTE_MS = 60_000;

function fits(scope: KeepScope, track: Track, { playlistId, roomIds }: Asked): boolean {
  // What is compared with no number fits nothing.
  const minutes = track.durationMs === null ? Number.NaN : track.durationMs / MINUTE_MS;
  switch (scope.kind) {
    case "playlist":
      return scope.name === playlistId;
    case "channel":
      return plainName(scope.name) === plainName(track.artist);
    case "longer":
      return minutes > scope.minutes;
    case "shorter":
      return minutes < scope.minutes;
    case "room":
      return roomIds?.includes(scope.name) === true;
    case "source":
      return scope.name === track.source;
    case "guild":
      return true;
  }
}

/** Case, accents and blanks around a name do not count. */
export function plainName(name: string): string {
  return name.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase().trim();
}
