import { setTimeout as delay } from "node:timers/promises";
import { inPages } from "./in-pages.ts";
import { writeTransaction } from "./open.ts";
import type { Database } from "./schema.ts";

/** Something to write; done again from its beginning when another process was in the way. */
type Work = (transaction: Database) => Promise<unknown>;

/** Long enough for the first frames of a song, and for the writes of guilds whose songs began together. */
const WAIT_MS = 100;
/** Works in one commit: nothing that plays may have to wait for more. */
const PAGE = 50;

/**
 * Writes that may wait a moment. A commit waits for the disk, and all that plays in this process waits with it, so those
 * that come within a moment share one; when it fails, it fails for all of them.
 */
export class SharedCommits {
  readonly #db: Database;
  readonly #waitMs: number;
  readonly #closing = new AbortController();
  #works: Work[] = [];
  #next: Promise<void> | undefined;

  constructor(db: Database, waitMs = WAIT_MS) {
    this.#db = db;
    this.#waitMs = waitMs;
  }

  /** Resolves when it has been committed. @throws what the database or a work says */
  async write(work: Work): Promise<void> {
    this.#works.push(work);
    this.#next ??= this.#commit();
    await this.#next;
  }

  /** Commits what waits at once, as everything from now on. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#next?.catch(() => undefined);
  }

  async #commit(): Promise<void> {
    await delay(this.#waitMs, undefined, { signal: this.#closing.signal }).catch(() => undefined);
    const works = this.#works;
    this.#works = [];
    this.#next = undefined;
    for await (const page of inPages(works, PAGE))
      await writeTransaction(this.#db, async (transaction) => {
        for (const work of page) await work(transaction);
      });
  }
}
