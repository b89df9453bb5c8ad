import type { CacheEntry } from "../core/audio-profile.ts";
import { formatBytes, formatDuration, plural } from "../core/format.ts";
import type { Track } from "../core/track.ts";
import type { Preparation } from "../core/preparation.ts";
import type { GuildSession } from "../player/guild-session.ts";
import type { PlayableAudio } from "../player/playable-audio.ts";
import type { QueueItem } from "../player/queue.ts";
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

/** The song that plays or is held, with its controls. */
export function nowPlayingPanel(view: {
  readonly session: GuildSession;
  readonly item: QueueItem;
  readonly audio: Omit<PlayableAudio, "open" | "started" | "close">;
  readonly nowMs: number;
}): Panel {
  const { session, item, audio, nowMs } = view;
  const paused = session.state.status === "paused";
  const { positionMs } = session;
  const ends = paused ? "paused" : endOf(audio, nowMs - positionMs);
  const volume = audio.volumePercent === 100 ? [] : [`volume ${audio.volumePercent} %`];
  const waiting = session.queue.length > 0 ? [`${session.queue.length} more in queue`] : [];
  return {
    tone: paused ? "waiting" : "playing",
    title: paused ? "Paused" : "Now playing",
    lines: [
      songTitle(item.track),
      `Requested by ${mention(item)} · ${origin(audio)}`,
      progressBar(positionMs, audio.durationMs),
      ...noteOf(item),
    ],
    footer: [ends, ...volume, ...waiting].join(" · "),
    ...pictureOf(item.track),
    buttons: [
      paused ? button("▶ Resume", "resume", "primary") : button("⏸ Pause", "pause", "secondary"),
      button("⏭ Skip", "skip", "secondary"),
      button("📜 Queue", "queue", "secondary"),
      button("⏹ Stop", "stop", "danger"),
    ],
  };
}

/** Of a song that is arriving the length may not be known. */
function endOf({ durationMs }: Pick<PlayableAudio, "durationMs">, startedAtMs: number): string {
  return durationMs > 0 ? `ends ${relativeTime(startedAtMs + durationMs)}` : "length not known yet";
}

/** A song that is being fetched and prepared. */
export function loadingPanel(track: Track, preparation: Preparation | null): Panel {
  const length = track.durationMs === null ? "" : ` · ${formatDuration(track.durationMs)}`;
  return {
    tone: "waiting",
    lines: [`${songTitle(track)}${length} · not in the cache yet`, stage(preparation)],
    footer: "starts as soon as enough of it is here; next time it starts at once",
    buttons: [button("Cancel", "skip", "secondary")],
  };
}

/** The answer to the one who asked for a song that starts now: of a cached one nearly all is known already. */
export function startingPanel(item: QueueItem, cached: CacheEntry | undefined): Panel {
  if (!cached) return loadingPanel(item.track, null);
  const audio = { outcome: "hit" as const, isArriving: false, isStored: true, ...cached };
  return {
    tone: "playing",
    title: "Now playing",
    lines: [songTitle(item.track), `Requested by ${mention(item)} · ${origin(audio)}`, ...noteOf(item)],
    ...pictureOf(item.track),
  };
}

/** How many songs of a list were added. */
export function playlistPanel(count: number, state: "reading" | "done" | "cut"): Panel {
  if (count === 0) return { tone: "info", lines: ["That playlist has nothing to play."] };
  const added = `Added **${plural(count, "song")}** of the playlist to the queue`;
  const line = {
    reading: "Adding the playlist to the queue…",
    done: `${added}.`,
    cut: `${added}; more were left out.`,
  }[state];
  return { tone: "info", lines: [line] };
}

/** What is left of a song's message when it is over. */
export function playedPanel(item: QueueItem, how: "finished" | "interrupted" | "cancelled" | "lost"): Panel {
  const word = { finished: "Played", interrupted: "Skipped", cancelled: "Cancelled", lost: "Interrupted" }[
    how
  ];
  return { tone: "info", lines: [`${word}: ${songTitle(item.track)} · requested by ${mention(item)}`] };
}

/** Where a song stands in the queue; `cached` tells whether it will start at once. */
export function queuedPanel(item: QueueItem, position: number, cached: boolean): Panel {
  const { track } = item;
  const length = track.durationMs === null ? "" : ` · ${formatDuration(track.durationMs)}`;
  return {
    tone: "info",
    lines: [
      `Added ${songTitle(track)}${length} · number ${position} in the queue${cached ? " · ⚡ cached" : ""}`,
      ...noteOf(item),
    ],
  };
}

/** `0:51 ▬▬▬🔘▬▬▬▬ 3:44`; drawn once, never by a timer. */
export function progressBar(positionMs: number, durationMs: number): string {
  const share = durationMs > 0 ? Math.min(Math.max(positionMs / durationMs, 0), 1) : 0;
  const before = Math.round(share * (BAR_CELLS - 1));
  const bar = `${"▬".repeat(before)}🔘${"▬".repeat(BAR_CELLS - 1 - before)}`;
  return `${formatDuration(positionMs)} ${bar} ${formatDuration(durationMs)}`;
}

function stage(preparation: Preparation | null): string {
  if (preparation?.status === "normalizing") return "Levelling the loudness…";
  if (preparation?.status !== "downloading") return "Looking for it…";
  const { receivedBytes, totalBytes } = preparation;
  // Without a size there is no honest per cent.
  if (totalBytes === null || totalBytes === 0) return `Downloading… ${formatBytes(receivedBytes)}`;
  const share = Math.min(receivedBytes / totalBytes, 1);
  const cells = Math.round(share * PROGRESS_CELLS);
  const bar = `${"▓".repeat(cells)}${"░".repeat(PROGRESS_CELLS - cells)}`;
  return `${bar}  ${Math.floor(share * 100)} % · ${formatBytes(receivedBytes)} of ${formatBytes(totalBytes)}`;
}

function origin(
  audio: Pick<PlayableAudio, "outcome" | "bytes" | "isArriving" | "isStored" | "playCount">,
): string {
  if (audio.isArriving) return "playing while it downloads";
  if (!audio.isStored) return "not saved in the cache";
  if (audio.outcome !== "hit") return `saved to cache (${formatBytes(audio.bytes)})`;
  return `⚡ from cache (played ${plural(audio.playCount, "time")} before)`;
}

function noteOf({ note }: QueueItem): string[] {
  return note === undefined ? [] : [note];
}

function mention(item: QueueItem): string {
  return `<@${item.requestedBy.id}>`;
}

function pictureOf(track: Track): Pick<Panel, "picture"> {
  if (!track.thumbnailUrl?.startsWith("https://")) return {};
  return {
    picture: { url: track.thumbnailUrl, alt: `Cover of ${track.title.slice(0, 200).toWellFormed()}` },
  };
}

function button(label: string, command: string, style: Button["style"]): Button {
  return { label, id: buttonId(command, "press"), style };
}
