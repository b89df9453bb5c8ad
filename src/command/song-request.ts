/** What somebody asks for becomes songs of the queue, whatever way they ask: commands, menus, buttons, messages. */
import { setImmediate as nextTurn } from "node:timers/promises";
import { AppError, type ErrorCode, toAppError } from "../core/errors.ts";
import { formatDuration } from "../core/format.ts";
import { longestSongMs } from "../core/guild-options.ts";
import type { ListWish } from "../core/list-wish.ts";
import type { Track } from "../core/track.ts";
import type { EnqueueAt } from "../player/guild-session.ts";
import type { QueueItem } from "../player/queue.ts";
import type { CommandContext, Resolved } from "./context.ts";
import { countMiss } from "./dispatch.ts";
import { roomsOf } from "./keep-scope.ts";
import type { MessageHandle, Panel } from "./panel.ts";
import { requireVoice } from "./preconditions.ts";
import { requireRight, requireSkip } from "./rights.ts";
import { itemLengthMs, playlistPanel, queuedPanel, songTitle, startingPanel } from "./song-panels.ts";

/** Of a playlist, so that one link cannot fill a queue for days. */
const MOST_OF_A_LIST = 200;

/** How songs are wanted. */
export interface SongWish extends Pick<ListWish, "limit" | "isShuffled"> {
  /** Default: behind all others. */
  readonly at?: EnqueueAt;
  /** The chapters of a recording become songs of the queue. */
  readonly isSplit?: boolean;
  /** The song is fetched anew first, however that failed before. */
  readonly isForced?: boolean;
}

const PLAIN: Required<SongWish> = {
  at: "end",
  limit: undefined,
  isShuffled: false,
  isSplit: false,
  isForced: false,
};

/**
 * Finds what a text means, puts it into the queue and answers.
 * @throws {AppError} why it cannot be found, or may not be added
 */
export async function requestSongs(
  context: CommandContext,
  text: string,
  wish: SongWish = {},
): Promise<void> {
  const { at, limit, isSplit, isForced } = { ...PLAIN, ...wish };
  requireTurn(context, at);
  if (isForced) requireRight(context, "cache.manage");
  const { stopped } = context.session;
  const signal = AbortSignal.any([context.signal, stopped]);
  const found = await resolve(context, text, { ...PLAIN, ...wish }, signal);
  if (isForced) await fetchAnew(context, found, signal);
  // Somebody may have asked for other songs meanwhile.
  requireTurn(context, at);
  if (found.kind === "playlist") {
    const panel: Many["panel"] = (added, state) => playlistPanel(added, state, context.texts);
    const items = entriesOf(context, found);
    await addMany(context, { items, at, most: limit ?? MOST_OF_A_LIST, stopped, panel });
  } else if (isSplit) await addChapters(context, found, { at, stopped }, signal);
  else await addFound(context, found, at, signal);
}

async function resolve(
  context: CommandContext,
  text: string,
  { at, limit, isShuffled, isForced }: Required<SongWish>,
  signal: AbortSignal,
): Promise<Resolved> {
  const where = {
    guildId: context.guildId,
    roomIds: roomsOf(context),
    startsNow: !isForced && startsNow(context, at),
    // Whoever wants so many of a list, or wants it mixed, does not mean the one song of it that was linked.
    list: { limit, isShuffled, isWhole: isShuffled === true || limit !== undefined },
  };
  return await context.services.resolve(text, where, signal);
}

/** Each chapter of a song becomes one of the queue. @throws {AppError} `NO_CHAPTERS` */
async function addChapters(
  context: CommandContext,
  { tracks: [track] }: FoundTracks,
  { at, stopped }: Pick<Many, "at" | "stopped">,
  signal: AbortSignal,
): Promise<void> {
  const chapters = track ? await context.services.chapters(track, signal) : [];
  if (!track || chapters.length === 0) throw new AppError("NO_CHAPTERS");
  const items = chapters.map(({ title: chapter, startMs, endMs }) => ({
    ...context.newItem(track, startMs),
    endMs,
    chapter,
  }));
  const song = songTitle(track);
  const panel: Many["panel"] = (added) => ({
    tone: "info",
    lines: [context.texts.queue.split({ song, added })],
  });
  await addMany(context, { items, at, most: items.length, stopped, panel });
}

/**
 * Puts the songs of a saved list into the queue and answers, by the rules for what is asked for in other ways.
 * @param name the list's, safe to show
 * @throws {AppError} `QUEUE_FULL`, `PERSON_QUEUE_FULL`, `TRACK_TOO_LONG`, `TOO_FAST` when none of them may be added
 */
export async function playSongs(
  context: CommandContext,
  name: string,
  tracks: readonly Track[],
): Promise<void> {
  const { lists } = context.publicTexts;
  const items = tracks.map((track) => context.newItem(track, 0));
  const panel: Many["panel"] = (added, state) => ({
    tone: "info",
    lines: [state === "cut" ? lists.queuedCut({ added, name }) : lists.queued({ added, name })],
  });
  const { stopped } = context.session;
  await addMany(context, { items, at: "end", most: items.length, stopped, panel });
}

/** Before the songs of others is what changes their turn; at once is what ends the song that plays. */
function requireTurn(context: CommandContext, at: EnqueueAt): void {
  const { queue, state } = context.session;
  if (at !== "end" && queue.length > 0) requireRight(context, "queue.control");
  if (at === "now" && state.status !== "idle") requireSkip(context);
}

function startsNow({ session }: CommandContext, at: EnqueueAt): boolean {
  return at === "now" || (session.state.status === "idle" && session.queue.length === 0);
}

/** What is there plays on meanwhile, and stays when the new file is not accepted. */
async function fetchAnew(
  { guildId, services, publicTexts, reply }: CommandContext,
  found: Resolved,
  signal: AbortSignal,
): Promise<void> {
  const track = found.kind === "tracks" ? found.tracks[0] : undefined;
  if (!track) throw new AppError("FORCE_ONE_SONG");
  const line = publicTexts.songs.fetchingAnew({ song: songTitle(track) });
  await reply({ tone: "waiting", lines: [line] }, { private: false });
  await services.cacheTools.refresh(track, guildId, signal);
}

type FoundTracks = Extract<Resolved, { readonly kind: "tracks" }>;

async function addFound(
  context: CommandContext,
  found: FoundTracks,
  at: EnqueueAt,
  signal: AbortSignal,
): Promise<void> {
  // The note stays with the song, for everyone to read.
  const note = found.fromCatalogue && { note: context.publicTexts.songs.withoutSource };
  for (const track of found.tracks) {
    const item = { ...context.newItem(track, startWithin(track, found.startMs)), ...note };
    await addSong(context, item, at, signal);
  }
}

/** A start that lies behind the end is a mistake of the link. */
function startWithin({ durationMs }: Track, startMs: number): number {
  return durationMs !== null && startMs >= durationMs ? 0 : startMs;
}

async function addSong(
  context: CommandContext,
  item: QueueItem,
  at: EnqueueAt,
  signal: AbortSignal,
): Promise<void> {
  const { services, session } = context;
  const entry = await services.cached(item.track, context.guildId);
  signal.throwIfAborted();
  const refusal = tooLong(context, item);
  if (refusal) throw refusal;
  if (!entry) countMiss(context);
  const isFirst = startsNow(context, at);
  session.enqueue([item], requireVoice(context), { at });
  if (isFirst) {
    // This answer becomes the song's own message: it changes through the stages of the song.
    const send = (panel: Panel): Promise<MessageHandle> => context.reply(panel, { private: false });
    const meanwhile = Promise.resolve(startingPanel(item, entry, context.publicTexts));
    const elsewhere = queuedPanel(item, 0, entry !== undefined, context.publicTexts);
    await services.announcer.attach(session, item, { send, meanwhile, elsewhere });
    return;
  }
  const position = session.queue.items.indexOf(item) + 1;
  const panel = queuedPanel(item, position, entry !== undefined, context.privateTexts);
  await context.reply(panel, { private: context.surface !== "prefix" });
}

/** Longer than the guild wants songs to be. */
function tooLong({ options }: CommandContext, item: QueueItem): AppError | undefined {
  const limitMs = longestSongMs(options);
  const isTooLong = (itemLengthMs(item) ?? 0) > limitMs;
  return isTooLong ? new AppError("TRACK_TOO_LONG", { limit: formatDuration(limitMs) }) : undefined;
}

/** Several songs at once. */
interface Many {
  readonly items: AsyncIterable<QueueItem> | Iterable<QueueItem>;
  readonly at: EnqueueAt;
  readonly most: number;
  /** A stop while they are read means all of them. */
  readonly stopped: AbortSignal;
  readonly panel: (added: number, state: "reading" | "done" | "cut") => Panel;
}

/** What became of them so far. */
interface Progress {
  readonly added: QueueItem[];
  isCut: boolean;
  /** Why some were left out. */
  tooLong: AppError | undefined;
  reply: MessageHandle | undefined;
}

async function addMany(context: CommandContext, many: Many): Promise<void> {
  const progress: Progress = { added: [], isCut: false, tooLong: undefined, reply: undefined };
  const { added } = progress;
  countMiss(context);
  try {
    await readMany(context, many, progress);
  } catch (error) {
    const isFull = added.length > 0 && FULL.has(toAppError(error).code);
    if (!isFull && !many.stopped.aborted) throw error;
    progress.isCut = true;
  }
  const { isCut, tooLong: left, reply } = progress;
  if (left && added.length === 0) throw left;
  const panel = many.panel(added.length, isCut || left ? "cut" : "done");
  if (reply) await reply.edit(panel);
  else await context.reply(panel);
}

/** Songs are added for so long without a pause: in between, frames of music are sent, each 20 ms after the last. */
const TURN_MS = 5;
const FULL: ReadonlySet<ErrorCode> = new Set(["QUEUE_FULL", "PERSON_QUEUE_FULL"]);

/** Songs that are too long are left out. @throws {AppError} when there is no more room, and what reading throws */
async function readMany(context: CommandContext, many: Many, progress: Progress): Promise<void> {
  const { items, at, most, stopped, panel } = many;
  const { added } = progress;
  const { clock } = context.services;
  let turnMs = clock.monotonicMs();
  for await (const item of items) {
    progress.isCut = stopped.aborted || added.length >= most;
    if (progress.isCut) return;
    const refusal = tooLong(context, item);
    progress.tooLong ??= refusal;
    if (refusal) continue;
    context.session.enqueue([item], requireVoice(context), placeAfter(added.at(-1), at));
    added.push(item);
    // The first song starts while the others are still being read; what is known already needs no second answer.
    if (Symbol.asyncIterator in items) progress.reply ??= await context.reply(panel(added.length, "reading"));
    if (clock.monotonicMs() - turnMs < TURN_MS) continue;
    await nextTurn();
    turnMs = clock.monotonicMs();
  }
}

/** Songs of one list keep their order, wherever they go. */
function placeAfter(
  before: QueueItem | undefined,
  at: EnqueueAt,
): { readonly at: EnqueueAt; readonly after?: QueueItem } {
  return before ? { at: at === "end" ? at : "next", after: before } : { at };
}

async function* entriesOf(
  context: CommandContext,
  { id, entries }: Extract<Resolved, { readonly kind: "playlist" }>,
): AsyncGenerator<QueueItem> {
  for await (const track of entries) yield { ...context.newItem(track, 0), playlistId: id };
}
