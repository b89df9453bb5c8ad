import { formatting } from "../formatting.ts";

const { bytes, count, minutes, plural } = formatting("en");
const filesIn = (value: number): string => plural(value, { one: "file", other: "files" });
const tracksIn = (value: number): string => plural(value, { one: "track", other: "tracks" });

/** Looking at the cache, and what is done to it. */
export const cache = {
  buttons: {
    refresh: "Refresh",
    preview: "Preview clean-up",
    delete: ({ files }: { files: number }): string => `Delete ${filesIn(files)}`,
    showList: "Show list",
    cancel: "Cancel",
    deleteAll: "Delete everything…",
    deleteThem: "Delete them…",
  },

  found: "Found",
  nothingFound: "Nothing like that is known here.",
  legend: "⚡ = in the cache, starts at once",
  played: ({ plays }: { plays: number }): string =>
    `played ${plural(plays, { one: "time", other: "times" })}`,
  pinnedMark: "pinned",
  pinned: ({ song }: { song: string }): string => `Pinned: ${song}. No clean-up removes it.`,
  pinnedAlready: ({ song }: { song: string }): string => `Pinned already: ${song}. No clean-up removes it.`,
  unpinned: ({ song }: { song: string }): string => `No longer pinned: ${song}.`,
  notPinned: ({ song }: { song: string }): string => `Was not pinned: ${song}.`,
  fetched: ({ song }: { song: string }): string => `Fetched anew: ${song}`,
  size: ({ size }: { size: number }): string => bytes(size),

  title: "Cache",
  holds: ({
    files,
    size,
    limit,
    percent,
  }: {
    files: number;
    size: number;
    limit: number;
    percent: number;
  }): string =>
    `**${count(files)}** ${files === 1 ? "track" : "tracks"} · **${bytes(size)} of ${bytes(limit)}** (${count(percent)} %)`,
  noPlays: "no plays yet",
  hitRate: ({ percent }: { percent: number }): string => `**${count(percent)} %** hit rate`,
  plays: ({
    rate,
    hits,
    misses,
    shared,
  }: {
    rate: string;
    hits: number;
    misses: number;
    shared: number;
  }): string =>
    `${rate} (30 days) · ${plural(hits, { one: "hit", other: "hits" })} · ${plural(misses, { one: "miss", other: "misses" })} · ${count(shared)} joined a running download`,
  nothingHere: "Here: no plays yet",
  playsHere: ({ plays, percent }: { plays: number; percent: number }): string =>
    `Here: ${plural(plays, { one: "play", other: "plays" })} · **${count(percent)} %** without a download`,
  mostPlayed: "**Most played**",
  rank: ({ rank, title, plays }: { rank: number; title: string; plays: number }): string =>
    `${count(rank)}\\. ${title} · ${count(plays)}`,
  empty: "empty",
  longestUnplayed: ({ when }: { when: string }): string => `longest unplayed ${when}`,
  neverCleaned: "never cleaned up",
  lastCleanup: ({ when, freed }: { when: string; freed: number }): string =>
    `last clean-up ${when} freed ${bytes(freed)}`,
  more: ({ more }: { more: number }): string => `and ${count(more)} more`,

  rules: "**Rules here**",
  rule: {
    always: ({ songs }: { songs: string }): string => `${songs}: always stored`,
    never: ({ songs }: { songs: string }): string => `${songs}: never stored`,
  },
  ruleSet: {
    always: ({ songs }: { songs: string }): string =>
      `${songs}: stored in the cache, whatever a wider rule says.`,
    never: ({ songs }: { songs: string }): string =>
      `${songs}: played, but not stored in the cache. What is stored already stays.`,
    default: ({ songs }: { songs: string }): string => `${songs}: no rule any more.`,
  },
  scope: {
    guild: "Songs asked for in this server",
    channel: ({ name }: { name: string }): string => `Songs of **${name}** asked for in this server`,
    source: ({ name }: { name: string }): string => `Songs from **${name}** asked for in this server`,
    playlist: ({ name }: { name: string }): string =>
      `Songs of the playlist \`${name}\` asked for in this server`,
    room: ({ name }: { name: string }): string => `Songs asked for in <#${name}>`,
    longer: ({ length }: { length: number }): string =>
      `Songs longer than ${count(length)} min asked for in this server`,
    shorter: ({ length }: { length: number }): string =>
      `Songs shorter than ${count(length)} min asked for in this server`,
  },

  cleaned: "Clean-up done",
  cleared: ({ files }: { files: number }): string => `Cache cleared: ${count(files)} deleted`,
  deleted: ({
    files,
    size,
    before,
    left,
  }: {
    files: number;
    size: number;
    before: number;
    left: number;
  }): string => `Deleted **${filesIn(files)}**, **${bytes(size)}** freed · ${bytes(before)} → ${bytes(left)}`,
  stayed: ({ files }: { files: number }): string => `${tracksIn(files)} in use stayed`,
  goesLater: ({ files }: { files: number }): string =>
    `${tracksIn(files)} playing now: deleted when ${files === 1 ? "it ends" : "they end"}`,
  notDeleted: ({ files }: { files: number }): string =>
    `${filesIn(files)} could not be deleted; the log says why.`,
  startedBy: ({ mention }: { mention: string }): string => `started by ${mention}`,

  preview: "Clean-up preview — nothing deleted yet",
  changed: "The cache has changed — nothing deleted yet",
  previewValid: ({ length }: { length: number }): string => `preview valid for ${minutes(length)}`,
  together: ({ files, size }: { files: number; size: number }): string =>
    `Together **${filesIn(files)}**, **${bytes(size)}**.`,
  goes: ({ files, reason, size }: { files: number; reason: string; size: number }): string =>
    `${tracksIn(files)} ${reason} · ${bytes(size)}`,
  kept: ({ files, reasons }: { files: number; reasons: string }): string =>
    `kept: ${tracksIn(files)} (${reasons})`,
  nothingToClean: "Nothing to clean up",
  allWithin: ({ files, size }: { files: number; size: number }): string =>
    `${tracksIn(files)}, ${bytes(size)}: all within the limit and the retention.`,
  mustStay: ({ files, size }: { files: number; size: number }): string =>
    `${tracksIn(files)}, ${bytes(size)}: what would go must stay for now.`,
  list: "What a clean-up would delete",
  cancelled: "Clean-up cancelled. Nothing was deleted.",
  reasons: {
    "not played lately": "not played lately",
    "over the limit": "over the limit",
    "unfinished removal": "unfinished removal",
    "stale profile": "stale profile",
    "file without row": "file without row",
    clear: "clear",
    playing: "playing",
    queued: "queued",
    pinned: "pinned",
    "just made": "just made",
    "played since": "played since",
  },

  clearAll: "Delete the whole cache?",
  clearProfile: ({ profile }: { profile: string }): string => `Delete the songs of ${profile}?`,
  emptyAlready: "The cache is empty already.",
  wouldGo: ({ files, size }: { files: number; size: number }): string =>
    `**${tracksIn(files)}**, **${bytes(size)}**, would be deleted. What is playing stays until it ends.`,
  noWayBack: "Every song would have to be downloaded again. This cannot be undone.",
  orType: ({ line }: { line: string }): string => `or type \`${line}\``,
  formText: ({ files, size }: { files: number; size: number }): string =>
    `${tracksIn(files)} (${bytes(size)}) will be deleted. What is playing stays until it ends. This cannot be undone.`,
  formField: ({ files }: { files: string }): string => `Type ${files} to confirm`,
};
