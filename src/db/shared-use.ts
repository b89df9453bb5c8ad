import { inPages } from "./in-pages.ts";
import { type Lease, type LeaseHolder, Leases } from "./leases.ts";
import type { Database } from "./schema.ts";

/** What the names of leases of processes that use files begin with. */
const USE_LEASE = "use:";
const TTL_MS = 60_000;
const RENEW_MS = 15_000;
/** Files in one statement: SQLite takes 32,766 values (SQLITE_MAX_VARIABLE_NUMBER), and a song has several files. */
const PAGE = 250;

/**
 * What this process plays or is about to play, told to the other processes that share the cache. It holds as long as
 * a lease of the process: after a power loss, or on another machine, nobody can see that a process is gone.
 */
export class SharedUse {
  readonly #db: Database;
  readonly #holder: LeaseHolder;
  readonly #leases: Leases;
  #lease: Lease | undefined;
  #renewedAtMs = Number.NEGATIVE_INFINITY;
  #told: ReadonlySet<string> = new Set();
  /** False when the rows may say something else than was told. */
  #isKnown = false;
  #telling: Promise<unknown> = Promise.resolve();

  constructor(db: Database, holder: LeaseHolder) {
    this.#db = db;
    this.#holder = holder;
    this.#leases = new Leases(db, holder);
  }

  /**
   * Makes known that exactly these files are in use here, in the order of the calls. To be told again every few
   * seconds. Returns those that are no longer, after everybody can know it.
   */
  async tell(refs: ReadonlySet<string>): Promise<readonly string[]> {
    const telling = this.#telling.then(() => this.#tell(refs));
    this.#telling = telling.catch(() => undefined);
    return telling;
  }

  async #tell(refs: ReadonlySet<string>): Promise<readonly string[]> {
    if (refs.size > 0) await this.#stayAlive();
    const owner = this.#holder.ownerId;
    const written = this.#isKnown ? this.#told : await this.#written();
    const added = [...refs].filter((ref) => !written.has(ref));
    const gone = [...new Set([...this.#told, ...written])].filter((ref) => !refs.has(ref));
    this.#isKnown = false;
    for await (const page of inPages(added, PAGE)) {
      await this.#db
        .insertInto("files_in_use")
        .values(page.map((blob_ref) => ({ blob_ref, owner })))
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    }
    for await (const page of inPages(gone, PAGE)) {
      await this.#db
        .deleteFrom("files_in_use")
        .where("owner", "=", owner)
        .where("blob_ref", "in", page)
        .execute();
    }
    this.#told = new Set(refs);
    this.#isKnown = true;
    return gone;
  }

  /** Files that other living processes use. What the dead left behind is taken away. */
  async elsewhere(): Promise<Set<string>> {
    const living = await this.#living();
    const rows = await this.#db
      .selectFrom("files_in_use")
      .selectAll()
      .where("owner", "!=", this.#holder.ownerId)
      .execute();
    const dead = [...new Set(rows.map((row) => row.owner))].filter((owner) => !living.has(owner));
    if (dead.length > 0) await this.#db.deleteFrom("files_in_use").where("owner", "in", dead).execute();
    return new Set(rows.filter((row) => living.has(row.owner)).map((row) => row.blob_ref));
  }

  /** True when another living process uses the file now. */
  async isUsedElsewhere(ref: string): Promise<boolean> {
    const rows = await this.#db
      .selectFrom("files_in_use")
      .select("owner")
      .where("blob_ref", "=", ref)
      .where("owner", "!=", this.#holder.ownerId)
      .execute();
    if (rows.length === 0) return false;
    const living = await this.#living();
    return rows.some((row) => living.has(row.owner));
  }

  /** What the rows say that this process uses. */
  async #written(): Promise<ReadonlySet<string>> {
    const rows = await this.#db
      .selectFrom("files_in_use")
      .select("blob_ref")
      .where("owner", "=", this.#holder.ownerId)
      .execute();
    return new Set(rows.map((row) => row.blob_ref));
  }

  async #living(): Promise<Set<string>> {
    const held = await this.#leases.held();
    return new Set(
      held.filter(({ name, isDead }) => name.startsWith(USE_LEASE) && !isDead).map(({ ownerId }) => ownerId),
    );
  }

  async #stayAlive(): Promise<void> {
    const uptimeMs = this.#holder.uptimeMs();
    const sinceMs = uptimeMs - this.#renewedAtMs;
    if (sinceMs < RENEW_MS) return;
    const isRenewed = this.#lease !== undefined && (await this.#leases.renew(this.#lease, TTL_MS));
    // The others took this process for dead, or an older database took the place of this one.
    if (!isRenewed || sinceMs >= TTL_MS) this.#isKnown = false;
    if (!isRenewed)
      this.#lease = await this.#leases.tryAcquire(`${USE_LEASE}${this.#holder.ownerId}`, TTL_MS);
    this.#renewedAtMs = uptimeMs;
  }
}
