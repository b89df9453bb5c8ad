import type { CacheEntry } from "../core/audio-profile.ts";
import { formatDuration } from "../core/format.ts";
import type { Track } from "../core/track.ts";
import type { Preparation } from "../core/preparation.ts";
import type { GuildSession } from "../player/guild-session.ts";
import type { PlayableAudio } from "../player/playable-audio.ts";
import { beginningOf, type QueueItem } from "../player/queue.ts";
import type { Texts } from "../texts/texts.ts";
import { type Button, buttonId, type Panel } from "./panel.ts";
import { plain, relativeTime, titleOf } from "./text.ts";

const BAR_CELLS = 16;
const PROGRESS_CELLS = 10;

/** `**Toto – Africa**`, safe to show. */
export function songTitle(track: Track): string {
  const shown = plain(titleOf(track));
  // A title may consist of nothing one can see.
  return `**${shown === "" ? plain(track.id) : shown}**`;
}

/** {@link songTitle} of a queue entry, with its chapter. */
export function itemTitle({ track, chapter }: Pick<QueueItem, "track" | "chapter">): string {
  return chapter === undefined ? songTitle(track) : `${songTitle(track)} · ${plain(chapter)}`;
}

/** How long a queue entry plays; `null` = a live stream or unknown. */
export function itemLengthMs({ track, startMs, endMs }: QueueItem): number | null {
  return endMs === undefined ? track.durationMs : endMs - startMs;
}

/** The song that plays or is held, with its controls. */
export function nowPlayingPanel(view: {
  readonly session: GuildSession;
  readonly item: QueueItem;
  readonly audio: Omit<PlayableAudio, "open" | "started" | "close">;
  readonly nowMs: number;
  readonly texts: Texts;
}): Panel {
  const { session, item, audio, nowMs, texts } = view;
  const say = texts.songs;
  const paused = session.state.status === "paused";
  // Of a chapter, within it.
  const beginningMs = beginningOf(item);
  const positionMs = session.positionMs - beginningMs;
  const durationMs = (item.endMs ?? audio.durationMs) - beginningMs;
  const ends = paused ? say.pausedNow : endOf({ ...audio, durationMs }, { positionMs, nowMs }, texts);
  const volume = audio.volumePercent === 100 ? [] : [say.volume({ percent: audio.volumePercent })];
  const waiting = session.queue.length > 0 ? [say.moreInQueue({ waiting: session.queue.length })] : [];
  return {
    tone: paused ? "waiting" : "playing",
    title: paused ? say.paused : say.nowPlaying,
    lines: [
      itemTitle(item),
      `${say.requestedBy({ mention: requester(item, texts) })} · ${origin(audio, texts)}`,
      ...(audio.isLive ? [] : [progressBar(positionMs, durationMs)]),
      ...noteOf(item),
    ],
    footer: [ends, ...volume, ...waiting].join(" · "),
    ...pictureOf(item.track, texts),
    buttons: songButtons(session, texts),
  };
}

/** Of a song that is arriving the length may not be known. */
function endOf(
  { isLive, durationMs, tempo = 1 }: Pick<PlayableAudio, "isLive" | "durationMs" | "tempo">,
  { positionMs, nowMs }: { readonly positionMs: number; readonly nowMs: number },
  { songs }: Texts,
): string {
  if (isLive) return songs.notSaved;
  if (durationMs === 0) return songs.lengthUnknown;
  return songs.ends({ when: relativeTime(nowMs + (durationMs - positionMs) / tempo) });
}

/** A song that is being fetched and prepared. */
export function loadingPanel(track: Track, preparation: Preparation | null, texts: Texts): Panel {
  const { songs } = texts;
  const buttons = [button(songs.buttons.cancel, "skip", "secondary")];
  if (track.isLive)
    return { tone: "waiting", lines: [`${songTitle(track)} · ${songs.live}`, songs.connecting], buttons };
  return {
    tone: "waiting",
    lines: [
      `${withLength(songTitle(track), track.durationMs)} · ${songs.notCached}`,
      stage(preparation, texts),
    ],
    footer: songs.startsSoon,
    buttons,
  };
}

/** The answer to the one who asked for a song that starts now: of a cached one nearly all is known already. */
export function startingPanel(item: QueueItem, cached: CacheEntry | undefined, texts: Texts): Panel {
  if (!cached) return loadingPanel(item.track, null, texts);
  const { songs } = texts;
  const audio = { outcome: "hit" as const, isArriving: false, isStored: true, ...cached };
  return {
    tone: "playing",
    title: songs.nowPlaying,
    lines: [
      itemTitle(item),
      `${songs.requestedBy({ mention: requester(item, texts) })} · ${origin(audio, texts)}`,
      ...noteOf(item),
    ],
    ...pictureOf(item.track, texts),
  };
}

/** How many songs of a list were added. */
export function playlistPanel(added: number, state: "reading" | "done" | "cut", { queue }: Texts): Panel {
  if (added === 0) return { tone: "info", lines: [queue.listEmpty] };
  const line = {
    reading: queue.listReading,
    done: queue.listAdded({ added }),
    cut: queue.listCut({ added }),
  }[state];
  return { tone: "info", lines: [line] };
}

/** What is left of a song's message when it is over. */
export function playedPanel(item: QueueItem, how: keyof Texts["songs"]["ended"], texts: Texts): Panel {
  const { songs } = texts;
  const by = songs.endedFor({ mention: requester(item, texts) });
  return { tone: "info", lines: [`${songs.ended[how]}: ${itemTitle(item)} · ${by}`] };
}

/** Where a song stands in the queue, 0 = it is its turn; `cached` tells whether it will start at once. */
export function queuedPanel(item: QueueItem, position: number, cached: boolean, { queue }: Texts): Panel {
  const song = withLength(itemTitle(item), itemLengthMs(item));
  const queued = position === 0 ? queue.addedFirst({ song }) : queue.added({ song, position });
  return { tone: "info", lines: [cached ? `${queued} · ${queue.cached}` : queued, ...noteOf(item)] };
}

/** `0:51 ▬▬▬🔘▬▬▬▬ 3:44`; drawn once, never by a timer. */
export function progressBar(positionMs: number, durationMs: number): string {
  const share = durationMs > 0 ? Math.min(Math.max(positionMs / durationMs, 0), 1) : 0;
  const before = Math.round(share * (BAR_CELLS - 1));
  const bar = `${"▬".repeat(before)}🔘${"▬".repeat(BAR_CELLS - 1 - before)}`;
  return `${formatDuration(positionMs)} ${bar} ${formatDuration(durationMs)}`;
}

function withLength(title: string, lengthMs: number | null): string {
  return lengthMs === null ? title : `${title} · ${formatDuration(lengthMs)}`;
}

function stage(preparation: Preparation | null, { songs }: Texts): string {
  if (preparation?.status === "normalizing") return songs.levelling;
  if (preparation?.status !== "downloading") return songs.looking;
  const { receivedBytes, totalBytes } = preparation;
  // Without a size there is no honest per cent.
  if (totalBytes === null || totalBytes === 0) return songs.downloading({ received: receivedBytes });
  const share = Math.min(receivedBytes / totalBytes, 1);
  const cells = Math.round(share * PROGRESS_CELLS);
  const bar = `${"▓".repeat(cells)}${"░".repeat(PROGRESS_CELLS - cells)}`;
  const percent = Math.floor(share * 100);
  return `${bar}  ${songs.downloadedOf({ percent, received: receivedBytes, total: totalBytes })}`;
}

function origin(
  audio: Pick<PlayableAudio, "outcome" | "bytes" | "isLive" | "isArriving" | "isStored" | "playCount">,
  { songs }: Texts,
): string {
  if (audio.isLive) return songs.live;
  if (audio.isArriving) return songs.arriving;
  if (!audio.isStored) return songs.notSaved;
  if (audio.outcome !== "hit") return songs.saved({ size: audio.bytes });
  return songs.fromCache({ plays: audio.playCount });
}

function noteOf({ note }: QueueItem): string[] {
  return note === undefined ? [] : [note];
}

/** Who asked for it; what goes on by itself is nobody's. */
export function requester(item: QueueItem, { taste }: Texts): string {
  return item.origin === "autoplay" ? taste.byItself : `<@${item.requestedBy.id}>`;
}

function pictureOf(track: Track, { songs }: Texts): Pick<Panel, "picture"> {
  if (!track.thumbnailUrl?.startsWith("https://")) return {};
  return {
    picture: {
      url: track.thumbnailUrl,
      alt: songs.cover({ title: track.title.slice(0, 200).toWellFormed() }),
    },
  };
}

function button(label: string, command: string, style: Button["style"]): Button {
  return { label, id: buttonId(command, "press"), style };
}

/** What can be done about the song and what follows it: all of it names commands, so that it works after a restart. */
function songButtons({ state, loop }: GuildSession, { songs: { buttons } }: Texts): Button[] {
  return [
    button(buttons.previous, "back", "secondary"),
    state.status === "paused"
      ? button(buttons.resume, "resume", "primary")
      : button(buttons.pause, "pause", "secondary"),
    button(buttons.skip, "skip", "secondary"),
    button(buttons.queue, "queue", "secondary"),
    button(buttons.stop, "stop", "danger"),
    { label: buttons.loop[loop], id: buttonId("loop", "turn"), style: "secondary" },
    button(buttons.shuffle, "shuffle", "secondary"),
    { label: buttons.volume, id: buttonId("volume", "ask"), style: "secondary" },
  ];
}

/** What the player in a request channel says while nothing plays. */
export function requestPanel(played: Panel | undefined, { songs }: Texts): Panel {
  return { tone: "info", title: songs.player, lines: [...(played?.lines ?? []), songs.writeHere] };
}
