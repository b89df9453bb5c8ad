/** What the owners of the bot should know before it hurts, told to the log and to them, once a day for each kind. */
import type { Panel } from "../command/panel.ts";
import type { Clock } from "../core/clock.ts";
import type { AppError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import { type Notice, notice } from "../core/notices.ts";
import { phrase } from "../core/sentence.ts";
import type { Recovery } from "../db/recovery.ts";
import { isDaily } from "../maintenance/schedule.ts";
import { noticeText, type Texts } from "../texts/texts.ts";

export interface OwnerNoticesDeps {
  /** False = the operator wants no messages; the log is told all the same. */
  readonly isOn: boolean;
  readonly discord: {
    /** Known once the bot has logged in. */
    readonly ownerIds: readonly string[];
    /** False = they take no direct messages. */
    whisper(userId: string, panel: Panel): Promise<boolean>;
  };
  /** Outlives the process, so that a restart tells nothing twice. */
  readonly memory: {
    get(name: string): Promise<string | undefined>;
    set(name: string, value: string): Promise<void>;
  };
  /** In the bot's own language: owners share no server with it for certain. */
  readonly texts: Texts;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Tells each notice once a day. What comes before the bot has logged in waits for {@link open}. */
export class OwnerNotices {
  readonly #deps: OwnerNoticesDeps;
  readonly #opened = Promise.withResolvers<void>();
  /** When what was told to whom; a full disk can keep the database from remembering it. */
  readonly #toldAtMs = new Map<string, number>();
  /** One after the other, so that no two tell the same. */
  #sending: Promise<void> = this.#opened.promise;
  #isOpen = false;

  constructor(deps: OwnerNoticesDeps) {
    this.#deps = deps;
  }

  /** Tells the log, and in its turn each owner; nobody waits for those. Never rejects. */
  async tell(news: Notice): Promise<void> {
    const { log } = this.#deps;
    this.#sending = this.#sendAfter(this.#sending, news);
    const { kind, text } = news;
    await this.#once(news, "log", async () => log.warn("owners.notice", { kind, text }));
  }

  /** The bot has logged in. */
  open(): void {
    this.#isOpen = true;
    this.#opened.resolve();
  }

  /** Waits for what is being sent. */
  async close(): Promise<void> {
    if (this.#isOpen) await this.#sending;
  }

  async #sendAfter(earlier: Promise<void>, news: Notice): Promise<void> {
    const { isOn, discord } = this.#deps;
    await earlier;
    for (const owner of isOn ? discord.ownerIds : [])
      await this.#once(news, owner, () => this.#send(news, owner));
  }

  /** What fails is not noted, so that the next notice of this kind tries again. */
  async #once({ kind }: Notice, listener: string, work: () => Promise<void>): Promise<void> {
    const { memory, clock, log } = this.#deps;
    const name = `notice.${kind}.${listener}`;
    const nowMs = clock.nowMs();
    try {
      const noted = this.#toldAtMs.get(name) ?? Number((await memory.get(name)) ?? Number.NaN);
      if (!isDaily(Number.isFinite(noted) ? noted : undefined, nowMs)) return;
      await work();
      this.#toldAtMs.set(name, nowMs);
      await memory.set(name, String(nowMs));
    } catch (error) {
      log.error("owners.not_told", { kind, listener, error });
    }
  }

  async #send(news: Notice, owner: string): Promise<void> {
    const { discord, texts, log } = this.#deps;
    const { kind } = news;
    const lines = [noticeText(news, texts)];
    const isTaken = await discord.whisper(owner, { tone: "warning", lines, footer: texts.server.forOwners });
    if (isTaken) log.info("owners.told", { kind, owner });
    else
      log.warn("owners.closed", {
        kind,
        owner,
        cure: "allow direct messages from members of a server with the bot",
      });
  }
}

/** A song plays, but could not be kept. */
export function unstoredNotice({ code }: AppError): Notice {
  return notice(code === "CACHE_UNWRITABLE" ? "cache-unwritable" : "song-unstored");
}

/** The database is another one than before. */
export function recoveryNotice({ found, restoredFrom }: Recovery): Notice {
  return notice("database-recovered", {
    found: phrase(found === "missing" ? "MISSING" : "DAMAGED"),
    how: phrase(restoredFrom === undefined ? "BEGUN_ANEW" : "BROUGHT_BACK"),
  });
}
