import type { Clock } from "../core/clock.ts";
import type { AppError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import type { Preparation } from "../core/preparation.ts";
import type { GuildSession, SessionListener } from "../player/guild-session.ts";
import type { SongEnd } from "../player/play-loop.ts";
import type { PlayableAudio } from "../player/playable-audio.ts";
import type { QueueItem } from "../player/queue.ts";
import { errorText, type Texts } from "../texts/texts.ts";
import { LiveMessage } from "./live-message.ts";
import { errorPanel, type MessageHandle, type Panel } from "./panel.ts";
import { loadingPanel, nowPlayingPanel, playedPanel } from "./song-panels.ts";

export interface AnnouncerDeps {
  /** Sends a message into a text channel of a guild. */
  readonly post: (channelId: string, panel: Panel) => Promise<MessageHandle>;
  /** What is said to everyone in a guild. */
  readonly textsFor: (guildId: string) => Texts;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Progress is drawn at most this often; changes of the stage at once. */
const REDRAW_MS = 3_000;

/** Nobody sees that an answer takes so much longer; a song that is cached plays by then. */
const FIRST_NEWS_MS = 40;

/** Shows what becomes of each song: one message for each, changed through its stages. */
export class Announcer implements SessionListener {
  readonly #deps: AnnouncerDeps;
  readonly #messages = new Map<string, LiveMessage>();
  /** Songs whose message waits for what it is to say first. */
  readonly #firsts = new Map<string, (panel: Panel) => void>();
  readonly #drawn = new Map<string, { readonly stage: string; readonly atMs: number }>();

  constructor(deps: AnnouncerDeps) {
    this.#deps = deps;
  }

  /**
   * Uses the answer to a command as the song's message, instead of sending another one. It is sent with the first news
   * of the song, which a cached one has before an answer could be drawn; without any, it says `meanwhile`.
   */
  async attach(
    item: QueueItem,
    send: (panel: Panel) => Promise<MessageHandle>,
    meanwhile: Promise<Panel>,
  ): Promise<void> {
    const first = Promise.withResolvers<Panel>();
    this.#firsts.set(item.id, first.resolve);
    // Nobody reads it when there are news.
    meanwhile.catch(() => undefined);
    setTimeout(() => first.resolve(meanwhile), FIRST_NEWS_MS);
    const sent = first.promise.then(async (shown) => ({ shown, handle: await send(shown) }));
    this.#messages.set(item.id, new LiveMessage(sent, this.#deps.log));
    await sent;
  }

  onLoading(session: GuildSession, item: QueueItem, preparation: Preparation | null): void {
    const stage = preparation?.status ?? "starting";
    const nowMs = this.#deps.clock.monotonicMs();
    const drawn = this.#drawn.get(item.id);
    if (drawn?.stage === stage && nowMs - drawn.atMs < REDRAW_MS) return;
    this.#drawn.set(item.id, { stage, atMs: nowMs });
    this.#show(item, loadingPanel(item.track, preparation, this.#textsOf(session)));
  }

  onStarted(session: GuildSession, item: QueueItem, audio: PlayableAudio): void {
    this.#showPlaying(session, item, audio);
    if (audio.isArriving) void audio.settled?.then(() => this.#onSettled(session, item));
  }

  onPaused(session: GuildSession, item: QueueItem): void {
    if (session.state.status === "paused") this.#showPlaying(session, item, session.state.audio);
  }

  onEnded(session: GuildSession, item: QueueItem, end: SongEnd): void {
    this.#finish(item, playedPanel(item, end.status, this.#textsOf(session)));
  }

  onFailed(session: GuildSession, item: QueueItem, error: AppError): void {
    const texts = this.#textsOf(session);
    const panel = errorPanel(errorText(error, texts));
    this.#finish(item, { ...panel, title: texts.songs.notPlayed, footer: item.track.url });
  }

  /** Its file is there, and its length for certain. */
  #onSettled(session: GuildSession, item: QueueItem): void {
    const { state } = session;
    const isHeard = state.status === "playing" || state.status === "paused";
    if (isHeard && state.item === item && !state.audio.isArriving)
      this.#showPlaying(session, item, state.audio);
  }

  #showPlaying(session: GuildSession, item: QueueItem, audio: PlayableAudio): void {
    const nowMs = this.#deps.clock.nowMs();
    this.#show(item, nowPlayingPanel({ session, item, audio, nowMs, texts: this.#textsOf(session) }));
  }

  #textsOf({ guildId }: GuildSession): Texts {
    return this.#deps.textsFor(guildId);
  }

  #show(item: QueueItem, panel: Panel): void {
    const message = this.#messages.get(item.id) ?? this.#post(item, panel);
    this.#messages.set(item.id, message);
    this.#firsts.get(item.id)?.(panel);
    this.#firsts.delete(item.id);
    message.show(panel);
  }

  #finish(item: QueueItem, panel: Panel): void {
    this.#show(item, panel);
    this.#messages.delete(item.id);
    this.#drawn.delete(item.id);
  }

  #post(item: QueueItem, panel: Panel): LiveMessage {
    const { post, log } = this.#deps;
    const sent = post(item.textChannelId, panel).then((handle) => ({ handle, shown: panel }));
    return new LiveMessage(sent, log);
  }
}
