import { randomUUID } from "node:crypto";
import type { Clock } from "../core/clock.ts";
import {
  type Added,
  FAVOURITES,
  type ListOwner,
  listNameKey,
  MOST_LISTS,
  MOST_SONGS_IN_LIST,
  type SavedList,
  type SavedListBook,
  savedSongKey,
} from "../core/saved-list.ts";
import { isNamedOnly, type Track, type TrackRef } from "../core/track.ts";
import { writeTransaction } from "./open.ts";
import { toTrack } from "./resolutions.ts";
import type { Database, Schema } from "./schema.ts";

/** {@link SavedListBook} over the tables of migration 0008. */
export class SavedLists implements SavedListBook {
  readonly #db: Database;
  readonly #clock: Pick<Clock, "nowMs">;

  constructor(db: Database, clock: Pick<Clock, "nowMs">) {
    this.#db = db;
    this.#clock = clock;
  }

  async listsOf(owner: ListOwner): Promise<readonly SavedList[]> {
    const rows = await this.#described(owner).where("name_key", "!=", FAVOURITES).execute();
    return rows;
  }

  async find(owner: ListOwner, name: string): Promise<SavedList | undefined> {
    return await this.#described(owner).where("name_key", "=", listNameKey(name)).executeTakeFirst();
  }

  async make(owner: ListOwner, name: string, madeBy: string): Promise<"made" | "exists" | "full"> {
    return await writeTransaction(this.#db, async (transaction) => {
      if ((await idOf(transaction, owner, name)) !== undefined) return "exists";
      const { count } = await transaction
        .selectFrom("saved_lists")
        .select((select) => select.fn.countAll<number>().as("count"))
        .where("owner_kind", "=", owner.kind)
        .where("owner_id", "=", owner.id)
        .where("name_key", "!=", FAVOURITES)
        .executeTakeFirstOrThrow();
      if (count >= MOST_LISTS[owner.kind]) return "full";
      await this.#insert(transaction, owner, { name, madeBy });
      return "made";
    });
  }

  async delete(owner: ListOwner, name: string): Promise<boolean> {
    const result = await this.#db
      .deleteFrom("saved_lists")
      .where("owner_kind", "=", owner.kind)
      .where("owner_id", "=", owner.id)
      .where("name_key", "=", listNameKey(name))
      .executeTakeFirst();
    return result.numDeletedRows > 0n;
  }

  async songsOf(owner: ListOwner, name: string): Promise<readonly Track[] | undefined> {
    const id = await idOf(this.#db, owner, name);
    if (id === undefined) return name === FAVOURITES ? [] : undefined;
    const [saved, known] = await Promise.all([
      this.#db.selectFrom("saved_songs").selectAll().where("list_id", "=", id).orderBy("position").execute(),
      this.#db
        .selectFrom("tracks")
        .selectAll()
        .where("key", "in", (select) =>
          select.selectFrom("saved_songs").select("key").where("list_id", "=", id),
        )
        .execute(),
    ]);
    const facts = new Map(known.map((row) => [row.key, row]));
    return saved.map((song) => savedTrack(song, facts.get(song.key)));
  }

  async add(owner: ListOwner, name: string, tracks: readonly Track[]): Promise<Added | undefined> {
    return await writeTransaction(this.#db, async (transaction) => {
      const found = await idOf(transaction, owner, name);
      if (found === undefined && name !== FAVOURITES) return undefined;
      const id = found ?? (await this.#insert(transaction, owner, { name, madeBy: owner.id }));
      const there = await transaction
        .selectFrom("saved_songs")
        .select(["key", "position"])
        .where("list_id", "=", id)
        .execute();
      const keys = new Set(there.map(({ key }) => key));
      const fresh = uniqueByKey(tracks).filter(([key]) => !keys.has(key));
      const fitting = fresh.slice(0, MOST_SONGS_IN_LIST - keys.size);
      const first = Math.max(0, ...there.map(({ position }) => position)) + 1;
      const rows = fitting.map(([key, track], index) => songRow(id, first + index, key, track));
      if (rows.length > 0) await transaction.insertInto("saved_songs").values(rows).execute();
      await this.#touch(transaction, id);
      return {
        added: fitting.length,
        known: tracks.length - fresh.length,
        left: fresh.length - fitting.length,
      };
    });
  }

  async remove(owner: ListOwner, name: string, song: TrackRef): Promise<boolean> {
    return await writeTransaction(this.#db, async (transaction) => {
      const id = await idOf(transaction, owner, name);
      if (id === undefined) return false;
      const result = await transaction
        .deleteFrom("saved_songs")
        .where("list_id", "=", id)
        .where("key", "=", savedSongKey(song))
        .executeTakeFirst();
      await this.#touch(transaction, id);
      return result.numDeletedRows > 0n;
    });
  }

  #described(owner: ListOwner) {
    return this.#db
      .selectFrom("saved_lists")
      .leftJoin("saved_songs", "saved_songs.list_id", "saved_lists.id")
      .select((select) => [
        "saved_lists.name as name",
        "saved_lists.made_by as madeBy",
        "saved_lists.changed_at_ms as changedAtMs",
        select.fn.count<number>("saved_songs.key").as("songs"),
        select.fn.coalesce(select.fn.sum<number>("saved_songs.duration_ms"), select.lit(0)).as("durationMs"),
      ])
      .where("owner_kind", "=", owner.kind)
      .where("owner_id", "=", owner.id)
      .groupBy("saved_lists.id")
      .orderBy("name_key");
  }

  async #insert(
    db: Database,
    owner: ListOwner,
    { name, madeBy }: { readonly name: string; readonly madeBy: string },
  ): Promise<string> {
    const id = randomUUID();
    await db
      .insertInto("saved_lists")
      .values({
        id,
        owner_kind: owner.kind,
        owner_id: owner.id,
        name,
        name_key: listNameKey(name),
        made_by: madeBy,
        changed_at_ms: this.#clock.nowMs(),
      })
      .execute();
    return id;
  }

  async #touch(db: Database, id: string): Promise<void> {
    await db
      .updateTable("saved_lists")
      .set({ changed_at_ms: this.#clock.nowMs() })
      .where("id", "=", id)
      .execute();
  }
}

async function idOf(db: Database, owner: ListOwner, name: string): Promise<string | undefined> {
  const row = await db
    .selectFrom("saved_lists")
    .select("id")
    .where("owner_kind", "=", owner.kind)
    .where("owner_id", "=", owner.id)
    .where("name_key", "=", listNameKey(name))
    .executeTakeFirst();
  return row?.id;
}

function uniqueByKey(tracks: readonly Track[]): (readonly [string, Track])[] {
  const unique = new Map<string, Track>();
  for (const track of tracks) {
    const key = savedSongKey(track);
    if (!unique.has(key)) unique.set(key, track);
  }
  return [...unique];
}

function songRow(listId: string, position: number, key: string, track: Track): Schema["saved_songs"] {
  const { source, id, title, artist, url, durationMs } = track;
  const facts = { source, source_id: id, title, artist, url, duration_ms: durationMs };
  return { list_id: listId, position, key, ...facts };
}

/**
 * What a source has told counts more than what was noted with the list, which may come from somebody's file. Whether a
 * stream is live changes by itself.
 */
function savedTrack(song: Schema["saved_songs"], facts: Schema["tracks"] | undefined): Track {
  const { source, source_id: id, title, artist, url, duration_ms: durationMs } = song;
  const noted = { source, id, title, artist, url, durationMs, isLive: false, thumbnailUrl: null };
  const track = facts ? toTrack(facts) : noted;
  const isProven = isNamedOnly(track) || (facts !== undefined && !track.isLive);
  return { ...track, title: track.title || track.url, ...(!isProven && { isUnproven: true }) };
}
