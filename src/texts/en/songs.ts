import { formatting } from "../formatting.ts";

const { bytes, count, plural } = formatting("en");
const songsIn = (value: number): string => plural(value, { one: "song", other: "songs" });
const timesIn = (value: number): string => plural(value, { one: "time", other: "times" });

/** What songs say while they are prepared, while they play and afterwards, and how they are held. */
export const songs = {
  buttons: {
    previous: "⏮ Previous",
    pause: "⏸ Pause",
    resume: "▶ Resume",
    skip: "⏭ Skip",
    queue: "📜 Queue",
    stop: "⏹ Stop",
    loop: { off: "🔁 Loop: off", track: "🔂 Loop: this song", queue: "🔁 Loop: queue" },
    shuffle: "🔀 Shuffle",
    volume: "🔊 Volume",
    cancel: "Cancel",
  },

  player: "Player",
  writeHere: "Nothing is playing. Write a title or a link here: every message is a song.",
  nowPlaying: "Now playing",
  paused: "Paused",
  requestedBy: ({ mention }: { mention: string }): string => `Requested by ${mention}`,
  live: "🔴 live",
  connecting: "Connecting…",
  arriving: "playing while it downloads",
  notSaved: "not saved in the cache",
  saved: ({ size }: { size: number }): string => `saved to cache (${bytes(size)})`,
  fromCache: ({ plays }: { plays: number }): string => `⚡ from cache (played ${timesIn(plays)} before)`,
  ends: ({ when }: { when: string }): string => `ends ${when}`,
  pausedNow: "paused",
  lengthUnknown: "length not known yet",
  volume: ({ percent }: { percent: number }): string => `volume ${count(percent)} %`,
  moreInQueue: ({ waiting }: { waiting: number }): string => `${count(waiting)} more in queue`,
  cover: ({ title }: { title: string }): string => `Cover of ${title}`,

  notCached: "not in the cache yet",
  startsSoon: "starts as soon as enough of it is here; next time it starts at once",
  looking: "Looking for it…",
  levelling: "Levelling the loudness…",
  downloading: ({ received }: { received: number }): string => `Downloading… ${bytes(received)}`,
  downloadedOf: ({
    percent,
    received,
    total,
  }: {
    percent: number;
    received: number;
    total: number;
  }): string => `${count(percent)} % · ${bytes(received)} of ${bytes(total)}`,

  notPlayed: "Not played",
  ended: {
    finished: "Played",
    interrupted: "Skipped",
    cancelled: "Cancelled",
    lost: "Interrupted",
    kept: "Kept for later",
  },
  endedFor: ({ mention }: { mention: string }): string => `requested by ${mention}`,

  withoutSource: "The source does not answer right now, so this is from the cached songs.",
  fetchingAnew: ({ song }: { song: string }): string => `Fetching ${song} anew…`,

  playThis: "Play this",
  addThis: "Add to queue",
  found: "Found",
  choose: "Play one of these",

  held: "Paused. Go on with resume.",
  notPlaying: "It is not playing right now.",
  goingOn: "Going on.",
  goingOnAt: ({ time }: { time: string }): string => `Going on at **${time}**.`,
  sleepsAt: ({ when }: { when: string }): string => `Going to sleep ${when}.`,
  sleepsAfterSong: "Going to sleep when this song is over.",
  sleepsNot: "No sleep timer is set; playing goes on.",
  summoned: ({ channel }: { channel: string }): string => `Here I am, in ${channel}.`,
  nothingToStop: "Nothing was playing.",
  stopped: ({ dropped }: { dropped: number }): string => `Stopped; ${songsIn(dropped)} taken off the queue.`,
};
