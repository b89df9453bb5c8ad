import { type Facts, fill } from "./sentence.ts";

/**
 * `user`: the person who asked can do something about it. `outside`: something that is not ours is broken.
 * `bug`: we are. It decides what is shown and how loudly it is logged.
 */
export type Severity = "user" | "outside" | "bug";

/** How long a failed download is remembered before it is tried again. */
export type Memory = "none" | "seconds" | "doubling" | "hours";

interface ErrorKind {
  readonly severity: Severity;
  /** One sentence for a person, with what to do, in English; `{name}` is filled from the error's context. */
  readonly message: string;
  /** Can another extractor succeed where this one failed? */
  readonly tryOther?: true;
  /** Can the same thing succeed a little later? Default: no. */
  readonly memory?: Memory;
}

/** Every error that crosses a folder. A code is never renamed: logs and tests know it. */
export const ERRORS = {
  // What a source says about one recording
  VIDEO_REMOVED: kind("user", "This video is gone from its source. Try another upload.", "hours"),
  PRIVATE_VIDEO: kind("user", "This video is private. Try another upload.", "hours"),
  MEMBERS_ONLY: kind("user", "This video is for the channel's members only. Try another upload.", "hours"),
  PAID_CONTENT: kind("user", "This is paid content, so it cannot be played. Try another upload.", "hours"),
  AGE_RESTRICTED: kind(
    "user",
    "This video is age-restricted, so it cannot be played. Try another upload.",
    "hours",
  ),
  REGION_BLOCKED: kind(
    "user",
    "This video is blocked in the country of this bot's server. Try another upload.",
    "hours",
  ),
  DRM_PROTECTED: kind(
    "user",
    "This video is copy-protected, so it cannot be played. Try another upload.",
    "hours",
  ),
  NOT_STARTED: kind("user", "This has not started yet. Try again when it is out."),
  LIVE_ENDED: kind("user", "This live stream is over and has no recording."),
  LIVE_NOT_SUPPORTED: kind("user", "This live stream cannot be played. Pick a recording instead."),
  LIVE_ONLY: kind("user", "This is a live stream: it can only be heard as it comes."),
  TRACK_TOO_LONG: kind("user", "This is longer than the {limit} allowed here. Pick a shorter one."),
  FILE_TOO_LARGE: kind("user", "This file is larger than the {limitBytes} allowed here. Pick a smaller one."),
  LINK_DEAD: kind("user", "There is no file behind that link. Check it, then try again.", "doubling"),
  UNSUPPORTED_LINK: kind(
    "user",
    "That link is not supported. Give one to a song or list on YouTube, Spotify, Apple Music or Deezer, one to an audio file or radio, or search words.",
  ),
  NOT_AUDIO: kind("user", "There is no audio this bot can read behind that link.", "doubling"),
  ADDRESS_FORBIDDEN: kind("user", "That address is not public. The operator can allow it with DIRECT_HOSTS."),
  PLAYLIST_UNAVAILABLE: kind("user", "That playlist does not exist or is not public."),
  PLAYLIST_PRIVATE: kind(
    "user",
    "That is a private list (watch later, likes). Share a public playlist instead.",
  ),
  CHANNEL_LINK: kind("user", "That is a link to a channel. Give one of its videos or playlists instead."),
  NOTHING_FOUND: kind("user", "Nothing was found for that. Try other words or a link."),
  NO_MATCH: kind(
    "user",
    "No recording of “{song}” was found on YouTube. Try other words, or its link there.",
  ),
  UNSAFE_ID: kind("user", "That is not a valid track. Give a link or search words."),
  // What stands between us and the source
  RATE_LIMITED: kind(
    "outside",
    "The source is limiting this bot at the moment. Try again in an hour; cached songs still play.",
    "doubling",
  ),
  BOT_CHECK: kind(
    "outside",
    "YouTube wants a sign-in from this bot's server. The operator can set a proxy or try later; cached songs still play.",
    "doubling",
    true,
  ),
  MEDIA_FORBIDDEN: kind(
    "outside",
    "The source refused the download. Try again in a minute.",
    "doubling",
    true,
  ),
  SOURCE_UNREACHABLE: kind(
    "outside",
    "The source cannot be reached right now. Try again in a moment.",
    "seconds",
  ),
  DOWNLOAD_INCOMPLETE: kind(
    "outside",
    "The download broke off, so nothing was kept. Try again in a moment.",
    "seconds",
  ),
  EXTRACTOR_BROKEN: kind(
    "outside",
    "The source changed something and this bot cannot read it yet. The operator should update yt-dlp.",
    "doubling",
    true,
  ),
  SOURCE_OFF: kind(
    "user",
    "Songs of {source} are switched off here. The operator can allow them with MORE_SOURCES.",
  ),
  SERVICE_UNREADABLE: kind(
    "outside",
    "{service} changed something and this bot cannot read it yet. Search for the song by its name.",
  ),
  EXTRACTOR_TOO_OLD: kind(
    "outside",
    "yt-dlp on this server is too old. The operator should run: npm run setup",
    "none",
    true,
  ),
  EXTRACTOR_MISSING: kind(
    "outside",
    "No program to fetch this is installed. The operator should run: npm run setup",
    "none",
    true,
  ),
  // Audio
  FFMPEG_MISSING: kind(
    "outside",
    "ffmpeg is missing, so new songs cannot be prepared; cached songs still play. The operator should run: npm run setup",
  ),
  TRANSCODE_FAILED: kind("outside", "This file could not be converted. Try another upload.", "doubling"),
  AUDIO_INCOMPLETE: kind(
    "outside",
    "Only a part of the song arrived, so nothing was kept. Try again in a moment.",
    "seconds",
  ),
  // Cache
  DISK_FULL: kind(
    "outside",
    "The disk of this bot is full, so the song could not be stored. Admins: /cache_cleanup",
    "seconds",
  ),
  CACHE_UNWRITABLE: kind(
    "outside",
    "The cache folder cannot be written, so only cached songs play. The operator should run: npm run doctor",
    "seconds",
  ),
  OUT_OF_FILES: kind(
    "outside",
    "This bot has too many files open. Try again in a moment; the operator should raise the limit (ulimit -n).",
  ),
  CACHE_CASE_INSENSITIVE: kind(
    "outside",
    "The cache folder {path} is on a file system that mixes up upper and lower case, so two songs could share one file. Set CACHE_DIR to a folder on another file system.",
  ),
  LEASE_LOST: kind("outside", "Another process of this bot took over. Try again in a moment.", "none"),
  // Voice
  NOT_IN_VOICE: kind("user", "You are not in a voice channel. Join one, then try again."),
  OTHER_VOICE_CHANNEL: kind("user", "I am playing in {channel}. Join me there, then try again."),
  VOICE_NO_PERMISSION: kind(
    "user",
    "I may not join {channel}. Someone with Manage Channel can give me {missing} there.",
  ),
  VOICE_FULL: kind("user", "{channel} is full. Make room or give me Move Members, then try again."),
  VOICE_UNREACHABLE: kind(
    "outside",
    "I could not connect to {channel}. The queue is kept: use resume to try again.",
  ),
  VOICE_LOST: kind(
    "outside",
    "The voice connection was lost and did not come back. The queue is kept: use resume to go on.",
  ),
  VOICE_KICKED: kind("user", "I was disconnected from {channel}. The queue is kept: use resume to go on."),
  VOICE_MUTED: kind(
    "user",
    "I am muted in {channel}, so nobody hears me. Someone with {needed} can change that.",
  ),
  STAGE_ASKED: kind(
    "user",
    "I am in the audience of {channel} and have asked to speak. Someone with {needed} can let me.",
  ),
  VOICE_ENCRYPTION: kind(
    "outside",
    "Discord asks for end-to-end encrypted voice and this bot could not start it. The operator should update the bot.",
  ),
  // Commands
  NOT_IN_GUILD: kind("user", "That works in a server only."),
  NOTHING_PLAYING: kind("user", "Nothing is playing. Start something with play."),
  BEYOND_THE_END: kind("user", "The song is only {length} long."),
  NOT_ARRIVED: kind("user", "The song has not arrived as far as {position} yet. Try again in a moment."),
  QUEUE_FULL: kind(
    "user",
    "The queue is full: at most {cap} may wait in it. Try again when some songs have been played.",
  ),
  PERSON_QUEUE_FULL: kind(
    "user",
    "Nobody may have more than {cap} waiting here. Try again when some of your songs have been played.",
  ),
  NOTHING_PAUSED: kind("user", "Nothing is paused. Start something with play."),
  NOT_IN_QUEUE: kind("user", "That song is not in the queue. See what waits with queue."),
  QUEUE_EMPTY: kind("user", "Nothing is waiting. Add something with play."),
  NO_CHAPTERS: kind("user", "That song has no chapters. Play it without split."),
  NOTHING_TO_PLAY_THERE: kind("user", "There is no link and no file with sound in that message."),
  NOTHING_BEFORE: kind("user", "No song was played before this one. Start something with play."),
  VOTED_HERE: kind("user", "People vote here about the songs of others. Use skip to vote."),
  NO_SUCH_COMMAND: kind("user", "There is no such command. See all of them with help."),
  MISSING_ARGUMENT: kind("user", "{name} is missing. Usage: {usage}"),
  BAD_ARGUMENT: kind("user", "{name} must be {expected}. Usage: {usage}"),
  NEEDS_TYPED_COMMANDS: kind(
    "user",
    "That needs typed commands, which are off. The operator can switch them on with PREFIX_COMMANDS.",
  ),
  UNKNOWN_ARGUMENT: kind("user", "There is no {text} to say here. Usage: {usage}"),
  TOO_FAST: kind("user", "That is too much at once. Try again in {seconds} s."),
  CHANNEL_NO_PERMISSION: kind(
    "user",
    "I may not write in {channel}. Someone with Manage Channel can give me {missing} there.",
  ),
  NOT_ALLOWED: kind("user", "Only {who} may do that."),
  NOT_YOUR_BUTTON: kind("user", "Only the person who asked may press that."),
  WRONG_NUMBER: kind("user", "That is not the number. Nothing was deleted."),
  PLAN_EXPIRED: kind("user", "That preview is no longer valid. Nothing was deleted; ask for a new one."),
  NO_SUCH_PROFILE: kind("user", "There are no files of that profile. There are: {there}."),
  FORCE_ONE_SONG: kind("user", "force is for one song at a time. Give a link or words instead of a list."),
  NOT_KEPT: kind("user", "A rule of this server keeps that song out of the cache."),
  ONE_RULE: kind("user", "Name one thing that the rule is about, not several."),
  NO_SUCH_ROOM: kind("user", "That is no channel of Discord. Write it as #channel."),
  NO_MINUTES: kind("user", "Write a length in minutes, such as 45."),
  NO_SUCH_SOURCE: kind("user", "There is no such source. There are: youtube, direct, soundcloud, bandcamp."),
  NOT_CACHED: kind(
    "user",
    "No song like that is cached. Look for it in Discord with /cache find, or play it first.",
  ),
  WARMING_BUSY: kind("user", "Another list of songs is being fetched. Wait for it, or cancel it."),
  NOT_A_LIST: kind("user", "That is not a playlist. Give the link of one."),
  NOT_AN_ID: kind("user", "{text} is not the ID of a song. IDs stand in the names of the cache's files."),
  EXPORT_FAILED: kind("user", "The song could not be copied to {file}: {reason}"),
  IMPORT_FOLDER: kind("user", "{folder} {reason}. Give the folder of the older cache."),
  IMPORT_BLOCKED: kind("outside", "A file without a row is named {file}. Run: npm run cache -- reconcile"),
  BUSY_MAINTENANCE: kind("user", "Another clean-up is running. Try again when it is done."),
  // Lists that people keep, and lyrics
  NO_LIST_NAME: kind("user", "That is no name for a playlist. Give one of at most 50 characters."),
  LIST_EXISTS: kind(
    "user",
    "There is a playlist of that name already. Take another one, or delete it first.",
  ),
  NO_SUCH_LIST: kind("user", "There is no playlist of that name. See all of them with playlist."),
  TOO_MANY_LISTS_OF_YOURS: kind(
    "user",
    "One person may make {most} playlists of the server at most. Delete one of yours first.",
  ),
  TOO_MANY_LISTS: kind("user", "There may be {most} playlists at most. Delete one first."),
  LIST_FULL: kind("user", "A list holds {most} songs at most. Take some off first."),
  LIST_EMPTY: kind("user", "There is nothing in that list yet. Add songs to it first."),
  NO_SUCH_ENTRY: kind("user", "There is no such number in that list. See all of them with show."),
  NOT_A_LIST_FILE: kind(
    "user",
    "There are no links to songs in that file. Give a playlist as JSON or M3U of at most {mostBytes}.",
  ),
  NO_LYRICS: kind("user", "Nobody has written down the lyrics of {song} yet."),
  NO_DIRECT_MESSAGE: kind(
    "user",
    "I cannot write to you. Allow direct messages from members of this server, then try again.",
  ),
  // Starting up
  CONFIG_INVALID: kind("user", "{problems}"),
  DISCORD_UNREACHABLE: kind(
    "outside",
    "Discord cannot be reached. Check the network and DISCORD_API_URL, then start again.",
  ),
  DATABASE_NEWER: kind(
    "user",
    "The database {path} was written by a newer version of Encore. Update Encore or restore an older backup; nothing was changed.",
  ),
  DATABASE_FOREIGN: kind(
    "user",
    "{path} is not a database of Encore, so it was left as it is. Let DATABASE_URL name a file of its own.",
  ),
  DATABASE_UNREADABLE: kind("outside", "The database {path} cannot be opened: {reason}"),
  DISK_TOO_FULL: kind(
    "outside",
    "The disk is too full for the database. Make room on it, for instance with: npm run cache -- cleanup",
  ),
  // Ours
  CHILD_FAILED: kind("outside", "A helper program could not be started.", "seconds", true),
  ABORTED: kind("user", "That was cancelled."),
  INTERNAL: kind("bug", "Something went wrong on my side. Nothing was changed."),
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof ERRORS;
export type ErrorContext = Facts;

function kind(severity: Severity, message: string, memory: Memory = "none", tryOther = false): ErrorKind {
  return { severity, message, memory, ...(tryOther && { tryOther: true as const }) };
}

/** The only error that crosses a folder: a code of {@link ERRORS}, the facts, and what caused it. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly context: ErrorContext;

  constructor(code: ErrorCode, context: ErrorContext = {}, options: { readonly cause?: unknown } = {}) {
    super(fill(ERRORS[code].message, context), options);
    this.name = "AppError";
    this.code = code;
    this.context = context;
  }

  get severity(): Severity {
    return ERRORS[this.code].severity;
  }
}

/** What the system and SQLite say wherever it happens. */
const KNOWN: Readonly<Record<string, ErrorCode>> = {
  EMFILE: "OUT_OF_FILES",
  ENFILE: "OUT_OF_FILES",
  SQLITE_FULL: "DISK_TOO_FULL",
};

/** Any thrown value as an `AppError`; what we did not foresee is our bug. */
export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  if (thrown instanceof Error && thrown.name === "AbortError")
    return new AppError("ABORTED", {}, { cause: thrown });
  const known = thrown instanceof Error && "code" in thrown ? KNOWN[String(thrown.code)] : undefined;
  if (known) return new AppError(known, {}, { cause: thrown });
  return new AppError("INTERNAL", {}, { cause: thrown });
}

/** The rules for a code, with the optional ones filled in. */
export function errorKind(
  code: ErrorCode,
): Required<Omit<ErrorKind, "tryOther">> & { readonly tryOther: boolean } {
  const found: ErrorKind = ERRORS[code];
  return { memory: "none", ...found, tryOther: found.tryOther ?? false };
}
