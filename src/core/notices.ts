/** What the owners of the bot should know before it hurts. */
import { type Facts, fill } from "./sentence.ts";

/** One sentence each with what to do, in English; `{name}` is filled from the facts. */
export const NOTICES = {
  "cache-nearly-full": "The cache is {percent} % full. Raise CACHE_LIMIT or run: npm run cache -- cleanup",
  "disk-nearly-full":
    "The disk is {how} to store new songs ({free} free, the floor is {floor}). Make room on it.",
  "song-unstored":
    "There is no room to store new songs, so they play without being kept. Make room on the disk or with `/cache_cleanup`.",
  "cache-unwritable":
    "The cache folder cannot be written, so new songs play without being kept. Find out why with: `npm run doctor`",
  "database-recovered":
    "The database was {found} and has been {how}. Look whether its disk is well: `npm run doctor`",
} as const;

export type NoticeKind = keyof typeof NOTICES;

export interface Notice {
  readonly kind: NoticeKind;
  /** The whole sentence in English, for the log and the command line. */
  readonly text: string;
  /** For the same sentence in another language. */
  readonly facts: Facts;
}

export function notice(kind: NoticeKind, facts: Facts = {}): Notice {
  return { kind, text: fill(NOTICES[kind], facts), facts };
}
