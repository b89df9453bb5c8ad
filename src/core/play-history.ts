import type { Track } from "./track.ts";

/** One song that was played in a guild. */
export interface PastPlay {
  readonly atMs: number;
  readonly track: Track;
  /** Discord id of who asked for it; `null` = nobody, or it was not noted. */
  readonly personId: string | null;
  /** It went on by itself. */
  readonly isAutoplay: boolean;
}

export interface HistoryQuery {
  readonly guildId: string;
  /** Not given: of everybody. */
  readonly personId?: string | undefined;
  /** Plays to pass over, from the newest on. */
  readonly skip: number;
  readonly limit: number;
}

/** What guilds have played lately. Songs that nothing is known about are left out. */
export interface History {
  /** The newest first. */
  list(query: HistoryQuery): Promise<readonly PastPlay[]>;
  /** How many there are in all. */
  count(query: Pick<HistoryQuery, "guildId" | "personId">): Promise<number>;
}
