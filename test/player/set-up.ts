/** A guild's session with a voice channel and audio that do as they are told. */
import { onTestFinished } from "vitest";
import type { Cut } from "../../src/core/cut.ts";
import type { AppError } from "../../src/core/errors.ts";
import { DEFAULT_GUILD_OPTIONS, type GuildOptions } from "../../src/core/guild-options.ts";
import { GuildSession, type GuildSessionDeps, type SessionListener } from "../../src/player/guild-session.ts";
import type { AudioAhead, AudioWish, PlayableAudio } from "../../src/player/playable-audio.ts";
import type { QueueItem } from "../../src/player/queue.ts";
import type { Track } from "../../src/core/track.ts";
import { FakeClock } from "../fakes/clock.ts";
import { RecordingLogger } from "../fakes/logger.ts";
import { FakePackets } from "../fakes/packets.ts";
import { youtubeId, youtubeTrack } from "../fakes/tracks.ts";
import { FakeVoice } from "../fakes/voice.ts";

export const LOUNGE = { guildId: "guild", channelId: "lounge", name: "Lounge" };
export const ATTIC = { guildId: "guild", channelId: "attic", name: "Attic" };

/** A song by number; its packets are called after it. */
export function song(number: number): QueueItem {
  return {
    id: String(number),
    track: youtubeTrack(youtubeId(number)),
    startMs: 0,
    requestedBy: { id: "ann", name: "Ann" },
    textChannelId: "text",
    requestedAtMs: 0,
  };
}

export type Provide = (wish: AudioWish, signal: AbortSignal) => Promise<PlayableAudio>;

export class SessionUnderTest implements SessionListener {
  readonly clock = new FakeClock();
  readonly log = new RecordingLogger();
  readonly voice = new FakeVoice();
  readonly session: GuildSession;
  /** What the guild has chosen. */
  options: GuildOptions;
  cuts: () => Promise<readonly Cut[]> = () => Promise.resolve([]);
  suggestNext: () => Promise<Track | undefined> = () => Promise.resolve(undefined);
  /** How often it was told that a snapshot would be another one. */
  changes = 0;
  #ids = 0;
  /** What the listener was told, in order: `started 3`, `ended 3 finished`, `failed 4 VIDEO_REMOVED`. */
  readonly told: string[] = [];
  /** Songs whose packets were asked for. */
  readonly opened: string[] = [];
  /** Songs whose play was counted. */
  readonly counted: string[] = [];
  /** Songs whose audio was closed. */
  readonly closed: string[] = [];
  /** Songs that were to be fetched ahead. */
  readonly fetched: string[] = [];
  /** What is done about songs before their turn; by default none of them is cached. */
  fetch: AudioAhead["fetch"] = async ({ item }) => {
    this.fetched.push(item.id);
    return this.cached.has(item.id);
  };
  find: AudioAhead["find"] = async ({ item }) => (this.cached.has(item.id) ? this.audio(item) : undefined);
  /** Songs that could stand by. */
  readonly cached = new Set<string>();
  provide: Provide = (wish) => Promise.resolve(this.audio(wish.item));

  constructor(idleLeaveMs: number) {
    this.options = { ...DEFAULT_GUILD_OPTIONS, leaveIdleMinutes: idleLeaveMs / 60_000 };
    this.session = new GuildSession({ ...this.sharedDeps(), guildId: "guild" });
  }

  sharedDeps(): Omit<GuildSessionDeps, "guildId"> {
    const { voice, clock, log } = this;
    return {
      voice,
      clock,
      log,
      options: () => this.options,
      suggestNext: () => this.suggestNext(),
      onChanged: () => void (this.changes += 1),
      random: () => 0,
      newId: () => `new ${(this.#ids += 1)}`,
      listener: this,
      ahead: {
        fetch: (wish, signal) => this.fetch(wish, signal),
        find: (wish) => this.find(wish),
      },
      provide: (wish, signal) => this.provide(wish, signal),
      cuts: () => this.cuts(),
    };
  }

  audio(item: QueueItem, packets = 3): PlayableAudio {
    return {
      outcome: "hit",
      bytes: 1_000,
      durationMs: packets * 20,
      isArriving: false,
      isStored: true,
      playCount: 0,
      volumePercent: 100,
      open: async () => {
        this.opened.push(item.id);
        return new FakePackets(Array.from({ length: packets }, () => Buffer.from(item.id)));
      },
      started: () => void this.counted.push(item.id),
      close: async () => void this.closed.push(item.id),
    };
  }

  onLoading(_session: GuildSession, item: QueueItem): void {
    this.told.push(`loading ${item.id}`);
  }

  onStarted(_session: GuildSession, item: QueueItem): void {
    this.told.push(`started ${item.id}`);
  }

  onPaused(_session: GuildSession, item: QueueItem): void {
    this.told.push(`paused ${item.id}`);
  }

  onEnded(_session: GuildSession, item: QueueItem, end: { readonly status: string }): void {
    this.told.push(`ended ${item.id} ${end.status}`);
  }

  onFailed(_session: GuildSession, item: QueueItem, error: AppError): void {
    this.told.push(`failed ${item.id} ${error.code}`);
  }
}

export function setUp({ idleLeaveMs = 60_000 } = {}): SessionUnderTest {
  const bench = new SessionUnderTest(idleLeaveMs);
  onTestFinished(async () => {
    bench.voice.gate?.open();
    bench.voice.hangUp?.open();
    await bench.session.stop();
  });
  return bench;
}
