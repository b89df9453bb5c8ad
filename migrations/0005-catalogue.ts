import { type Kysely, type RawBuilder, sql, SqliteAdapter } from "kysely";

/**
 * Two full-text indexes over what is known about recordings: whole words without accents, and groups of three letters
 * for words with typing mistakes. They hold no text, only where words occur; triggers keep them in step with `tracks`,
 * whoever writes there. `tracks` has text keys, so a number for the index stands beside it: SQLite may give its hidden
 * ones anew. https://sqlite.org/fts5.html §4.4.3, §4.3.3
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  if (!isSqlite(db)) return;
  await sql`create table catalogue_numbers (number integer primary key, key text not null unique)`.execute(
    db,
  );
  await sql`create virtual table catalogue_words using fts5(
    title, artist, key,
    content='', contentless_delete=1, prefix='1 2 3', tokenize='unicode61 remove_diacritics 2'
  )`.execute(db);
  await sql`create virtual table catalogue_trigrams using fts5(
    about, content='', contentless_delete=1, detail=none, tokenize='trigram remove_diacritics 1'
  )`.execute(db);

  await sql`insert into catalogue_numbers (key) select key from tracks`.execute(db);
  await sql`insert into catalogue_words (rowid, title, artist, key)
    select number, title, artist, key from tracks join catalogue_numbers using (key)`.execute(db);
  await sql`insert into catalogue_trigrams (rowid, about)
    select number, title || ' ' || artist from tracks join catalogue_numbers using (key)`.execute(db);

  const add = sql`
    insert into catalogue_words (rowid, title, artist, key)
      values (${numberOf("new")}, new.title, new.artist, new.key);
    insert into catalogue_trigrams (rowid, about)
      values (${numberOf("new")}, new.title || ' ' || new.artist);`;
  const remove = sql`
    delete from catalogue_words where rowid = ${numberOf("old")};
    delete from catalogue_trigrams where rowid = ${numberOf("old")};`;
  await sql`create trigger catalogue_add after insert on tracks begin
    insert into catalogue_numbers (key) values (new.key);
    ${add}
  end`.execute(db);
  await sql`create trigger catalogue_change after update of title, artist on tracks
    when old.title <> new.title or old.artist <> new.artist begin ${remove} ${add} end`.execute(db);
  await sql`create trigger catalogue_remove after delete on tracks begin
    ${remove}
    delete from catalogue_numbers where key = old.key;
  end`.execute(db);
}

/** Takes everything of {@link up} away again. */
export async function down(db: Kysely<unknown>): Promise<void> {
  if (!isSqlite(db)) return;
  for (const trigger of ["catalogue_add", "catalogue_change", "catalogue_remove"])
    await sql`drop trigger ${sql.ref(trigger)}`.execute(db);
  for (const table of ["catalogue_trigrams", "catalogue_words", "catalogue_numbers"])
    await db.schema.dropTable(table).execute();
}

/** A recording's number, inside a trigger. */
function numberOf(row: "new" | "old"): RawBuilder<unknown> {
  return sql`(select number from catalogue_numbers where key = ${sql.ref(`${row}.key`)})`;
}

/** Another database searches by means of its own. */
function isSqlite(db: Kysely<unknown>): boolean {
  return db.getExecutor().adapter instanceof SqliteAdapter;
}
