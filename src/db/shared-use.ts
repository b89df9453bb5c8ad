import type { LeaseHolder } from "./leases.ts";
import type { Database } from "./schema.ts";

/** What this process plays or is about to play, told to the other processes that share the cache. */
export class SharedUse {
  readonly #db: Database;
  readonly #holder: Pick<LeaseHolder, "ownerId" | "isProvablyDead">;
  #told: ReadonlySet<string> = new Set();

  constructor(db: Database, holder: Pick<LeaseHolder, "ownerId" | "isProvablyDead">) {
    this.#db = db;
    this.#holder = holder;
  }

  /** Makes known that exactly these files are in use here. Writes only what has changed. */
  async tell(refs: ReadonlySet<string>): Promise<void> {
    const before = this.#told;
    const added = [...refs].filter((ref) => !before.has(ref));
    const gone = [...before].filter((ref) => !refs.has(ref));
    this.#told = new Set(refs);
    const owner = this.#holder.ownerId;
    if (added.length > 0) {
      await this.#db
        .insertInto("files_in_use")
        .values(added.map((blob_ref) => ({ blob_ref, owner })))
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    }
    if (gone.length > 0) {
      await this.#db
        .deleteFrom("files_in_use")
        .where("owner", "=", owner)
        .where("blob_ref", "in", gone)
        .execute();
    }
  }

  /** Files that other living processes use. What the dead left behind is taken away. */
  async elsewhere(): Promise<Set<string>> {
    const rows = await this.#db
      .selectFrom("files_in_use")
      .selectAll()
      .where("owner", "!=", this.#holder.ownerId)
      .execute();
    const dead = [...new Set(rows.map((row) => row.owner))].filter((owner) =>
      this.#holder.isProvablyDead(owner),
    );
    if (dead.length > 0) await this.#db.deleteFrom("files_in_use").where("owner", "in", dead).execute();
    return new Set(rows.filter((row) => !dead.includes(row.owner)).map((row) => row.blob_ref));
  }

  /** True when another living process uses the file now. */
  async isUsedElsewhere(ref: string): Promise<boolean> {
    const rows = await this.#db
      .selectFrom("files_in_use")
      .select("owner")
      .where("blob_ref", "=", ref)
      .where("owner", "!=", this.#holder.ownerId)
      .execute();
    return rows.some((row) => !this.#holder.isProvablyDead(row.owner));
  }
}
