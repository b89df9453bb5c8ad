import { inPages } from "./in-pages.ts";
import { writeTransaction } from "./open.ts";
import type { Database } from "./schema.ts";
import type { SharedCommits } from "./shared-commits.ts";

/** A queue as plain data; what it means is its player's business. */
export interface SavedQueue {
  /** Everything but what follows. */
  readonly session: unknown;
  /** Where in the current song it was, in milliseconds. */
  readonly positionMs: number;
  /** What waited. An entry that is the same object as before is the same entry. */
  readonly waiting: readonly unknown[];
}

/** What the rows of a guild say. */
interface Written {
  readonly waiting: readonly unknown[];
  /** Of the first entry; the others follow by ones, and this one is free again. */
  readonly firstSeq: number;
  readonly endSeq: number;
  /** No row of the guild comes before this. */
  readonly oldestSeq: number;
}

/** Rows in one go, which take a millisecond or two: nothing that plays may have to wait for more. */
const PAGE = 25;

/**
 * Remembers what guilds play, also a long queue at little cost: entries are rows in their order, of which the oldest go
 * and new ones come. Only what was put in another order is written anew. Calls for one guild must follow each other.
 */
export class SavedQueues {
  readonly #db: Database;
  readonly #commits: SharedCommits;
  readonly #written = new Map<string, Written>();

  constructor(db: Database, commits: SharedCommits) {
    this.#db = db;
    this.#commits = commits;
  }

  /** From now on a restart finds this, and until then what was saved before. */
  async save(guildId: string, { session, positionMs, waiting }: SavedQueue): Promise<void> {
    const before = (await this.#known(guildId)) ?? (await this.#nothing(guildId));
    // What the rows say is known again when this has gone well.
    this.#written.delete(guildId);
    const passed = taken(before.waiting, waiting);
    const firstSeq = passed === undefined ? before.endSeq : before.firstSeq + passed;
    const kept = passed === undefined ? 0 : before.waiting.length - passed;
    await this.#append(guildId, waiting.slice(kept), firstSeq + kept);
    const row = {
      session: JSON.stringify(session),
      position_ms: Math.round(positionMs),
      first_seq: firstSeq,
      end_seq: firstSeq + waiting.length,
    };
    const goneSeq = Math.min(before.oldestSeq + PAGE, firstSeq);
    await this.#commits.write(async (transaction) => {
      await transaction
        .insertInto("queues")
        .values({ guild_id: guildId, ...row })
        .onConflict((conflict) => conflict.column("guild_id").doUpdateSet(row))
        .execute();
      await deleteRows(transaction, guildId, goneSeq);
    });
    await this.#deleteBefore(guildId, goneSeq, firstSeq);
    this.#written.set(guildId, { waiting: [...waiting], firstSeq, endSeq: row.end_seq, oldestSeq: firstSeq });
  }

  /** Saves without a wait from now on. */
  async hurry(): Promise<void> {
    await this.#commits.close();
  }

  /** How far the current songs of some guilds are; of guilds that were not saved yet nothing is noted. */
  async savePositions(positions: ReadonlyMap<string, number>): Promise<void> {
    for await (const page of inPages([...positions], PAGE)) {
      await writeTransaction(this.#db, async (transaction) => {
        for (const [guildId, positionMs] of page)
          await transaction
            .updateTable("queues")
            .set({ position_ms: Math.round(positionMs) })
            .where("guild_id", "=", guildId)
            .execute();
      });
    }
  }

  /** There is nothing to go on with. */
  async forget(guildId: string): Promise<void> {
    this.#written.delete(guildId);
    await this.#db.deleteFrom("queues").where("guild_id", "=", guildId).execute();
    const { oldestSeq, endSeq } = await this.#nothing(guildId);
    await this.#deleteBefore(guildId, oldestSeq, endSeq);
  }

  /** Guilds that something is saved of. */
  async guildIds(): Promise<readonly string[]> {
    const rows = await this.#db.selectFrom("queues").select("guild_id").orderBy("guild_id").execute();
    return rows.map((row) => row.guild_id);
  }

  /** What was saved of a guild, `undefined` = nothing; parts of it that are not readable are `undefined`, too. */
  async find(guildId: string): Promise<SavedQueue | undefined> {
    const row = await this.#db
      .selectFrom("queues")
      .selectAll()
      .where("guild_id", "=", guildId)
      .executeTakeFirst();
    if (!row) return undefined;
    const rows = await this.#db
      .selectFrom("queue_items")
      .select("item")
      .where("guild_id", "=", guildId)
      .where("seq", ">=", row.first_seq)
      .where("seq", "<", row.end_seq)
      .orderBy("seq")
      .execute();
    const waiting: unknown[] = [];
    for await (const page of inPages(rows, PAGE)) waiting.push(...page.map(({ item }) => parse(item)));
    return { session: parse(row.session), positionMs: row.position_ms, waiting };
  }

  /** What was written, unless an older database has taken the place of this one since. */
  async #known(guildId: string): Promise<Written | undefined> {
    const written = this.#written.get(guildId);
    const row = await this.#db
      .selectFrom("queues")
      .select(["first_seq", "end_seq"])
      .where("guild_id", "=", guildId)
      .executeTakeFirst();
    const isThere = row?.first_seq === written?.firstSeq && row?.end_seq === written?.endSeq;
    return isThere ? written : undefined;
  }

  async #nothing(guildId: string): Promise<Written> {
    const { first, last } = await this.#db
      .selectFrom("queue_items")
      .select(({ fn }) => [fn.min<number | null>("seq").as("first"), fn.max<number | null>("seq").as("last")])
      .where("guild_id", "=", guildId)
      .executeTakeFirstOrThrow();
    const free = (last ?? 0) + 1;
    return { waiting: [], firstSeq: free, endSeq: free, oldestSeq: first ?? free };
  }

  /** These rows mean nothing before the guild's own row counts them. */
  async #append(guildId: string, items: readonly unknown[], firstSeq: number): Promise<void> {
    let seq = firstSeq;
    for await (const page of inPages(items, PAGE)) {
      const rows = page.map((item) => ({ guild_id: guildId, seq: seq++, item: JSON.stringify(item) }));
      await this.#db.insertInto("queue_items").values(rows).execute();
    }
  }

  async #deleteBefore(guildId: string, from: number, end: number): Promise<void> {
    const ends = Array.from(
      { length: Math.ceil((end - from) / PAGE) },
      (_, page) => from + (page + 1) * PAGE,
    );
    for await (const [seq = end] of inPages(ends, 1)) await deleteRows(this.#db, guildId, Math.min(seq, end));
  }
}

async function deleteRows(db: Database, guildId: string, seq: number): Promise<void> {
  await db.deleteFrom("queue_items").where("guild_id", "=", guildId).where("seq", "<", seq).execute();
}

/** How many entries went from the front, when all others stayed in their order and new ones came behind them only. */
function taken(before: readonly unknown[], now: readonly unknown[]): number | undefined {
  const passed = now.length === 0 ? before.length : before.indexOf(now[0]);
  if (passed === -1) return undefined;
  return before.slice(passed).every((item, index) => item === now[index]) ? passed : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
