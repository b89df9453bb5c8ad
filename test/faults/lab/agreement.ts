/** Do files, rows and everything around them agree? */
import { readdir, readFile } from "node:fs/promises";
import { sql } from "kysely";
import type { CacheEntry } from "../../../src/core/audio-profile.ts";
import { presentRows } from "../../db/present-rows.ts";
import { packetsIn } from "../../fakes/packets.ts";
import type { SharedCache } from "./shared-cache.ts";
import { type Material, packetsOf, sha256, soundOf } from "./songs.ts";

/** All that is wrong, one sentence each. Nobody else may use the cache meanwhile. */
export async function disagreements(shared: SharedCache, material: Material): Promise<string[]> {
  const wrong: string[] = [];
  const rows = await presentRows(shared.rows);
  for (const row of rows) wrong.push(...(await wrongAbout(shared, material, row)));
  const known = new Set(rows.map((row) => row.blobRef));
  for await (const { ref } of shared.blobs.list()) {
    if (!known.has(ref)) wrong.push(`${ref} has no row`);
  }
  for (const folder of ["work", "quarantine"]) {
    for (const name of await readdir(shared.at(folder))) wrong.push(`${folder}/${name} was left behind`);
  }
  // What a process used is known by its life, so that lease may stay behind.
  const held = await shared.leases.held();
  const forgotten = held.filter(({ name }) => !name.startsWith("use:"));
  wrong.push(...forgotten.map(({ name }) => `lease ${name} is still held`));
  const { rows: says } = await sql<{ integrity_check: string }>`pragma integrity_check`.execute(shared.db);
  if (says[0]?.integrity_check !== "ok") wrong.push(`the database says ${JSON.stringify(says)}`);
  return wrong;
}

async function wrongAbout(shared: SharedCache, material: Material, row: CacheEntry): Promise<string[]> {
  if (row.state !== "ready") return [`${row.blobRef} is ${row.state}`];
  const bytes = await readFile(shared.at("audio", row.blobRef)).catch(() => undefined);
  if (!bytes) return [`${row.blobRef} has a row and no file`];
  if (bytes.length !== row.bytes || sha256(bytes) !== row.sha256)
    return [`${row.blobRef} is not what its row says`];
  const file = await shared.blobs.open(row.blobRef);
  if (!file) return [`${row.blobRef} cannot be opened`];
  await file.close();
  const packets = await packetsIn(shared.at("audio", row.blobRef));
  const isRight = soundOf(packets) === soundOf(packetsOf(material, row.key));
  return isRight ? [] : [`${row.blobRef} sounds like another song`];
}

/** Everything a second reconcile must leave as it is. */
export async function snapshot(shared: SharedCache): Promise<string> {
  const names = (await readdir(shared.folder, { recursive: true })).filter(
    (name) => !/^(data|logs)/u.test(name),
  );
  const rows = await shared.db.selectFrom("cache_entries").selectAll().orderBy("key").execute();
  return JSON.stringify({ names: names.toSorted(), rows });
}
