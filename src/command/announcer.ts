import type { Clock } from "../core/clock.ts";
import type { AppError } from "../core/errors.ts";
import type { GuildOptions } from "../core/guild-options.ts";
import type { Logger } from "../core/logger.ts";
import type { Preparation } from "../core/preparation.ts";
import type { GuildSession, SessionListener } from "../player/guild-session.ts";
import type { SongEnd } from "../player/play-loop.ts";
import type { PlayableAudio } from "../player/playable-audio.ts";
import type { QueueItem } from "../player/queue.ts";
import { errorText, type Texts } from "../texts/texts.ts";
import type { SentMessage } from "./live-message.ts";
import { errorPanel, type MessageHandle, type Panel } from "./panel.ts";
import type { SongBoards } from "./song-boards.ts";
import { loadingPanel, nowPlayingPanel, playedPanel, requestPanel } from "./song-panels.ts";

export interface AnnouncerDeps {
  readonly boards: SongBoards;
  /** Sends a message into a text channel of a guild. */
  readonly post: (channelId: string, panel: Panel) => Promise<MessageHandle>;
  /** What is said to everyone in a guild. */
  readonly textsFor: (guildId: string) => Texts;
  readonly options: (guildId: string) => GuildOptions;
  readonly clock: Clock;
  readonly log: Logger;
}

/** The answer to the one who asked for a song. */
export interface SongAnswer {
  readonly send: (panel: Panel) => Promise<MessageHandle>;
  /** What it says while there are no news of the song. */
  readonly meanwhile: Promise<Panel>;
  /** What it says where songs are shown elsewhere or not at all: nobody will change it. */
  readonly elsewhere: Panel;
}

/** What a message says of the queue. */
interface DrawnQueue {
  readonly said: string;
  readonly atMs: number;
  /** It is about to be drawn anew. */
  timer: NodeJS.Timeout | undefined;
}

/** Progress and changes of the queue are drawn at most this often; changes of the stage at once. */
const REDRAW_MS = 3_000;

/** Nobody sees that an answer takes so much longer; a song that is cached plays by then. */
const FIRST_NEWS_MS = 40;

/** A message of little worth in the request channel is read by then. */
const READ_MS = 15_000;

/** Shows what becomes of songs, in the one message of each guild. */
export class Announcer implements SessionListener {
  readonly #deps: AnnouncerDeps;
  /** Songs whose message waits for what it is to say first. */
  readonly #firsts = new Map<string, (panel: Panel) => void>();
  readonly #drawn = new Map<string, { readonly stage: string; readonly atMs: number }>();
  /** Of guilds whose song is shown. */
  readonly #queues = new Map<string, DrawnQueue>();

  constructor(deps: AnnouncerDeps) {
    this.#deps = deps;
  }

  /**
   * Uses the answer to a command as the song's message, instead of sending another one. It is sent with the first news
   * of the song, which a cached one has before an answer could be drawn. Where songs are shown elsewhere or not at all
   * it is an answer and nothing more.
   */
  async attach(
    session: GuildSession,
    item: QueueItem,
    { send, meanwhile, elsewhere }: SongAnswer,
  ): Promise<void> {
    const { guildId } = session;
    const isShownHere = this.#channelFor(guildId, item) === item.textChannelId;
    if (!isShownHere || this.#deps.options(guildId).requestChannel !== undefined) {
      await send(elsewhere);
      return;
    }
    const first = Promise.withResolvers<Panel>();
    this.#firsts.set(item.id, first.resolve);
    // Nobody reads it when there are news.
    meanwhile.catch(() => undefined);
    setTimeout(() => first.resolve(meanwhile), FIRST_NEWS_MS);
    const sent = first.promise.then(async (shown) => ({ shown, handle: await send(shown) }));
    this.#deps.boards.put(guildId, { id: item.id, channelId: item.textChannelId }, sent);
    await sent;
  }

  /** Takes an answer that shows the song that plays for its message, unless songs are shown elsewhere or nowhere. */
  moveTo(session: GuildSession, channelId: string, sent: SentMessage): void {
    const { guildId, state } = session;
    const { announce, announceChannel = channelId, requestChannel } = this.#deps.options(guildId);
    if (state.status === "idle" || announce === "silent" || requestChannel !== undefined) return;
    if (announceChannel !== channelId) return;
    this.#deps.boards.put(guildId, { id: state.item.id, channelId }, Promise.resolve(sent));
  }

  onLoading(session: GuildSession, item: QueueItem, preparation: Preparation | null): void {
    const stage = preparation?.status ?? "starting";
    const nowMs = this.#deps.clock.monotonicMs();
    const drawn = this.#drawn.get(item.id);
    if (drawn?.stage === stage && nowMs - drawn.atMs < REDRAW_MS) return;
    this.#drawn.set(item.id, { stage, atMs: nowMs });
    this.#show(session, item, loadingPanel(item.track, preparation, this.#textsOf(session)));
  }

  onStarted(session: GuildSession, item: QueueItem, audio: PlayableAudio): void {
    this.#showPlaying(session, item, audio);
    if (audio.isArriving) void audio.settled?.then(() => this.#onSettled(session, item));
  }

  onPaused(session: GuildSession, item: QueueItem): void {
    if (session.state.status === "paused") this.#showPlaying(session, item, session.state.audio);
  }

  onEnded(session: GuildSession, item: QueueItem, end: SongEnd): void {
    const played = playedPanel(item, end.status, this.#textsOf(session));
    this.#show(session, item, this.#isPlayer(session) ? this.#restingPanel(session, played) : played);
    this.#finish(session, item);
  }

  onFailed(session: GuildSession, item: QueueItem, error: AppError): void {
    const texts = this.#textsOf(session);
    const failed: Panel = {
      ...errorPanel(errorText(error, texts)),
      title: texts.songs.notPlayed,
      footer: item.track.url,
    };
    const channelId = this.#channelFor(session.guildId, item);
    if (channelId === undefined) void this.#say(item.textChannelId, failed);
    else if (this.#isPlayer(session)) {
      this.#show(session, item, this.#restingPanel(session));
      void this.#say(channelId, failed, READ_MS);
    } else {
      this.#show(session, item, failed);
      this.#deps.boards.letGo(session.guildId);
    }
    this.#finish(session, item);
  }

  /** The queue or the loop is another one: the song's message says so, soon. */
  onChanged(session: GuildSession): void {
    const queue = this.#queues.get(session.guildId);
    if (!queue || queue.timer || queue.said === queueOf(session)) return;
    const waitMs = Math.max(0, queue.atMs + REDRAW_MS - this.#deps.clock.monotonicMs());
    queue.timer = setTimeout(() => {
      queue.timer = undefined;
      if (queue.said !== queueOf(session)) this.#redraw(session);
    }, waitMs);
    queue.timer.unref();
  }

  /** The guild's options are others than before: its request channel gets its player. */
  onOptions(session: GuildSession): void {
    const { guildId, state } = session;
    const { requestChannel } = this.#deps.options(guildId);
    if (requestChannel === undefined) return;
    if (state.status === "idle")
      this.#deps.boards.show(guildId, { id: "", channelId: requestChannel }, this.#restingPanel(session));
    else this.#redraw(session);
  }

  #redraw(session: GuildSession): void {
    const { state } = session;
    if (state.status === "playing" || state.status === "paused")
      this.#showPlaying(session, state.item, state.audio);
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
    const atMs = this.#deps.clock.monotonicMs();
    clearTimeout(this.#queues.get(session.guildId)?.timer);
    this.#queues.set(session.guildId, { said: queueOf(session), atMs, timer: undefined });
    this.#show(
      session,
      item,
      nowPlayingPanel({ session, item, audio, nowMs, texts: this.#textsOf(session) }),
    );
  }

  #show({ guildId }: GuildSession, item: QueueItem, panel: Panel): void {
    this.#firsts.get(item.id)?.(panel);
    this.#firsts.delete(item.id);
    const channelId = this.#channelFor(guildId, item);
    if (channelId === undefined) return;
    const shown = { id: item.id, channelId, otherwise: item.textChannelId };
    this.#deps.boards.show(guildId, shown, panel);
  }

  #finish({ guildId }: GuildSession, item: QueueItem): void {
    this.#deps.boards.between(guildId);
    this.#drawn.delete(item.id);
    clearTimeout(this.#queues.get(guildId)?.timer);
    this.#queues.delete(guildId);
  }

  /** What a player says while nothing plays. */
  #restingPanel(session: GuildSession, played?: Panel): Panel {
    return requestPanel(played, this.#textsOf(session));
  }

  /** Its message has a channel of its own, and stays. */
  #isPlayer({ guildId }: GuildSession): boolean {
    return this.#deps.options(guildId).requestChannel !== undefined;
  }

  /** Where the guild wants songs to be shown; `undefined` = nowhere. */
  #channelFor(guildId: string, item: QueueItem): string | undefined {
    const { announce, announceChannel, requestChannel } = this.#deps.options(guildId);
    if (requestChannel !== undefined) return requestChannel;
    return announce === "silent" ? undefined : (announceChannel ?? item.textChannelId);
  }

  async #say(channelId: string, panel: Panel, forMs?: number): Promise<void> {
    const { post, log } = this.#deps;
    try {
      const handle = await post(channelId, panel);
      if (forMs === undefined) return;
      setTimeout(() => void handle.delete().catch(() => undefined), forMs).unref();
    } catch (error) {
      log.warn("announce.failed", { error });
    }
  }

  #textsOf({ guildId }: GuildSession): Texts {
    return this.#deps.textsFor(guildId);
  }
}

/** What the message says besides the song. */
function queueOf({ queue, loop }: GuildSession): string {
  return `${loop} ${queue.length}`;
}
