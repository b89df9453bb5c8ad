import type { Clock } from "../core/clock.ts";
import type { GuildSession, SessionListener } from "../player/guild-session.ts";
import type { QueueItem } from "../player/queue.ts";
import { type Verse, versesAt } from "../policy/verses.ts";
import type { MessageHandle, Panel } from "./panel.ts";

/** Lyrics with times as one message shows them. */
export interface LyricsView {
  readonly verses: readonly Verse[];
  /** Around a position, or when the song is over. */
  readonly panel: (at: ReturnType<typeof versesAt> | "over") => Panel;
}

/** What it needs of a session. */
type Playing = Pick<GuildSession, "guildId" | "positionMs" | "state">;

interface Followed extends LyricsView {
  readonly session: Playing;
  readonly item: QueueItem;
  readonly handle: MessageHandle;
  drawn: Verse | undefined;
  drawnAtMs: number;
  sending: Promise<unknown>;
  timer: NodeJS.Timeout | undefined;
}

/** A message is changed no more often than that. */
const SHORTEST_MS = 5_000;

/**
 * Messages with lyrics that follow their songs, one in each guild: changed when the song comes to another verse, or when
 * somebody moves or holds it. Between that there is nothing but one timer, for the next verse.
 */
export class LyricsBoard implements SessionListener {
  readonly #clock: Pick<Clock, "monotonicMs">;
  readonly #followed = new Map<string, Followed>();

  constructor(clock: Pick<Clock, "monotonicMs">) {
    this.#clock = clock;
  }

  /** From now on until the song is over or the message is gone; the guild's message before ends. */
  follow(
    { session, item }: { readonly session: Playing; readonly item: QueueItem },
    view: LyricsView,
    handle: MessageHandle,
  ): void {
    this.#end(this.#followed.get(session.guildId));
    const followed: Followed = {
      ...view,
      session,
      item,
      handle,
      drawn: versesAt(view.verses, session.positionMs).current,
      drawnAtMs: this.#clock.monotonicMs(),
      sending: Promise.resolve(),
      timer: undefined,
    };
    this.#followed.set(session.guildId, followed);
    this.#look(followed);
  }

  onLoading(): void {
    // Nothing is sung yet.
  }

  onStarted(session: Pick<GuildSession, "guildId">): void {
    this.#onMoved(session);
  }

  onPaused(session: Pick<GuildSession, "guildId">): void {
    this.#onMoved(session);
  }

  onEnded(session: Pick<GuildSession, "guildId">, item: Pick<QueueItem, "id">): void {
    this.#onOver(session, item);
  }

  onFailed(session: Pick<GuildSession, "guildId">, item: Pick<QueueItem, "id">): void {
    this.#onOver(session, item);
  }

  /** The song began, goes on elsewhere, or is held. */
  #onMoved({ guildId }: Pick<GuildSession, "guildId">): void {
    const followed = this.#followed.get(guildId);
    if (followed) this.#look(followed);
  }

  #onOver({ guildId }: Pick<GuildSession, "guildId">, item: Pick<QueueItem, "id">): void {
    const followed = this.#followed.get(guildId);
    if (followed?.item.id === item.id) this.#end(followed);
  }

  #look(followed: Followed): void {
    clearTimeout(followed.timer);
    const { session, verses, drawn } = followed;
    const { state, positionMs } = session;
    const at = versesAt(verses, positionMs);
    const restMs = followed.drawnAtMs + SHORTEST_MS - this.#clock.monotonicMs();
    if (at.current !== drawn && restMs <= 0) this.#draw(followed, at);
    else if (at.current !== drawn) this.#lookIn(followed, restMs);
    else if (at.next && state.status === "playing") {
      const untilNextMs = (at.next.fromMs - positionMs) / (state.audio.tempo ?? 1);
      this.#lookIn(followed, Math.max(restMs, untilNextMs));
    }
  }

  #lookIn(followed: Followed, ms: number): void {
    followed.timer = setTimeout(() => this.#look(followed), ms);
    followed.timer.unref();
  }

  #draw(followed: Followed, at: ReturnType<typeof versesAt>): void {
    followed.drawn = at.current;
    followed.drawnAtMs = this.#clock.monotonicMs();
    this.#send(followed, followed.panel(at));
    this.#look(followed);
  }

  #end(followed: Followed | undefined): void {
    if (!followed) return;
    this.#drop(followed);
    this.#send(followed, followed.panel("over"));
  }

  /** A message that cannot be changed any more is nobody's. */
  #send(followed: Followed, panel: Panel): void {
    followed.sending = followed.sending
      .then(() => followed.handle.edit(panel))
      .catch(() => this.#drop(followed));
  }

  #drop(followed: Followed): void {
    clearTimeout(followed.timer);
    const { guildId } = followed.session;
    if (this.#followed.get(guildId) === followed) this.#followed.delete(guildId);
  }
}
