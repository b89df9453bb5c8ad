// Lets guilds go on where they were when the bot starts again: what they play is saved as it changes, and how far it is.
import type { Logger } from "../core/logger.ts";
import { inPages } from "../db/in-pages.ts";
import type { SavedQueues } from "../db/saved-queues.ts";
import type { GuildSession } from "../player/guild-session.ts";
import type { QueueItem } from "../player/queue.ts";
import type { Sessions } from "../player/sessions.ts";
import { readItem, readSnapshot } from "../player/snapshot.ts";

export interface SessionKeeperDeps {
  readonly sessions: Pick<Sessions, "all" | "of">;
  readonly store: Pick<SavedQueues, "save" | "savePositions" | "hurry" | "forget" | "guildIds" | "find">;
  readonly log: Logger;
}

/** Changes that follow each other are saved together. */
const SETTLE_MS = 1_000;
/** After a crash a song goes on at most so much before where it was, and a little more. */
const POSITION_MS = 4_000;
/** Songs that are looked at in one turn of the event loop. */
const PAGE = 100;

/** Saves sessions and brings them back. Music neither waits for it nor fails with it. */
export class SessionKeeper {
  readonly #deps: SessionKeeperDeps;
  readonly #changed = new Set<GuildSession>();
  /** Nothing is written over what is yet to be restored, nor when everything is being stopped. */
  #isOpen = false;
  /** Guilds whose saved queue could not be restored: it stays for another start, until they play something else. */
  readonly #unrestored = new Set<string>();
  #settling: NodeJS.Timeout | undefined;
  #positions: NodeJS.Timeout | undefined;
  #turn: Promise<void> = Promise.resolve();

  constructor(deps: SessionKeeperDeps) {
    this.#deps = deps;
  }

  /** Has a session saved soon: it is other than before. */
  onChanged(session: GuildSession): void {
    this.#changed.add(session);
    if (session.state.status !== "idle") this.#unrestored.delete(session.guildId);
    if (!this.#isOpen) return;
    this.#settling ??= setTimeout(() => void this.#saveChanged(), SETTLE_MS);
  }

  /** Goes on with everything that was saved, and begins to save. Guilds where the bot is no more are forgotten. */
  async restore(isMember: (guildId: string) => boolean): Promise<void> {
    const { store, log } = this.#deps;
    const guildIds = await store.guildIds().catch((error: unknown) => {
      log.warn("sessions.not_restored", { error });
      return [];
    });
    for (const guildId of guildIds) {
      if (isMember(guildId)) await this.#restoreOne(guildId);
      else await this.#forget(guildId);
    }
    this.#isOpen = true;
    this.#positions = setInterval(() => void this.#savePositions(), POSITION_MS);
    void this.#saveChanged();
  }

  /** Saves everything once more; what happens from now on is not saved. */
  async close(): Promise<void> {
    clearInterval(this.#positions);
    // The songs go on meanwhile, and what is saved is where they are now.
    await this.#deps.store.hurry();
    if (this.#isOpen) for (const session of this.#deps.sessions.all) this.#changed.add(session);
    const saved = this.#isOpen ? this.#saveChanged() : this.#turn;
    this.#isOpen = false;
    await saved;
  }

  async #restoreOne(guildId: string): Promise<void> {
    const { sessions, store, log } = this.#deps;
    try {
      const saved = await store.find(guildId);
      if (!saved) return;
      const snapshot = readSnapshot({ ...Object(saved.session), waiting: [] });
      const current = snapshot.current && { ...snapshot.current, positionMs: saved.positionMs };
      const waiting = await this.#readable(guildId, saved.waiting);
      sessions.of(guildId).restore({ ...snapshot, current, waiting });
      log.info("sessions.restored", { guildId, songs: waiting.length + (current ? 1 : 0) });
    } catch (error) {
      log.warn("sessions.unreadable", { guildId, error });
      this.#unrestored.add(guildId);
    }
  }

  /** The songs among these. */
  async #readable(guildId: string, entries: readonly unknown[]): Promise<QueueItem[]> {
    const songs: QueueItem[] = [];
    // Others play already.
    for await (const page of inPages(entries, PAGE)) songs.push(...page.flatMap((entry) => songOf(entry)));
    const lost = entries.length - songs.length;
    if (lost > 0) this.#deps.log.warn("sessions.songs_unreadable", { guildId, songs: lost });
    return songs;
  }

  async #forget(guildId: string): Promise<void> {
    const { store, log } = this.#deps;
    await store
      .forget(guildId)
      .catch((error: unknown) => log.warn("sessions.not_forgotten", { guildId, error }));
  }

  async #saveChanged(): Promise<void> {
    clearTimeout(this.#settling);
    this.#settling = undefined;
    const changed = [...this.#changed];
    this.#changed.clear();
    await this.#inTurn(async () => {
      await Promise.all(changed.map((session) => this.#save(session)));
    });
  }

  async #save(session: GuildSession): Promise<void> {
    const { store, log } = this.#deps;
    const { guildId } = session;
    const { waiting, ...snapshot } = session.snapshot();
    const positionMs = snapshot.current?.positionMs ?? 0;
    const isNothing = !snapshot.current && waiting.length === 0 && !snapshot.channel;
    if (isNothing && this.#unrestored.has(guildId)) return;
    try {
      if (isNothing) await store.forget(guildId);
      else await store.save(guildId, { session: snapshot, positionMs, waiting });
    } catch (error) {
      log.warn("sessions.not_saved", { guildId, error });
    }
  }

  async #savePositions(): Promise<void> {
    const { sessions, store, log } = this.#deps;
    await this.#inTurn(async () => {
      // What has changed is saved with its position; until then its row speaks of another song.
      const known = sessions.all.filter((session) => !this.#changed.has(session));
      const playing = known.filter(({ state }) => state.status === "playing");
      const positions = new Map(playing.map(({ guildId, positionMs }) => [guildId, positionMs]));
      await store
        .savePositions(positions)
        .catch((error: unknown) => log.warn("sessions.not_saved", { error }));
    });
  }

  /** One write after another. */
  async #inTurn(work: () => Promise<void>): Promise<void> {
    this.#turn = this.#turn.then(work);
    await this.#turn;
  }
}

function songOf(entry: unknown): QueueItem[] {
  try {
    return [readItem(entry)];
  } catch {
    return [];
  }
}
