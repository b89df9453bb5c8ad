/** A cache to which anything may happen at random, beside a simple model of it that must agree after every step. */
import assert from "node:assert/strict";
import { mkdir, rm, writeFile } from "node:fs/promises";
import * as path from "node:path";
import type { CachedAudio } from "../../../src/cache/cached-audio.ts";
import { toAppError } from "../../../src/core/errors.ts";
import { cacheKey } from "../../../src/core/track.ts";
import { presentRows } from "../../db/present-rows.ts";
import { disagreements } from "./agreement.ts";
import type { SharedCache } from "./shared-cache.ts";
import { takeOver } from "./take-over.ts";
import { fileOf, type Material, packetsOf, PROFILE, song, songId, soundOf } from "./songs.ts";

const SONGS = 8;

/** What should be true of each song: it is there whole, only its file is, or only its row is. */
type Place = "whole" | "file only" | "row only";

const refOf = (number: number): string => `${PROFILE.id}/${songId(number)}.opus`;

/** How often each deed comes. */
const WEIGHTS = {
  play: 6,
  skip: 2,
  refresh: 1,
  hold: 1,
  letGo: 1,
  evict: 3,
  clear: 1,
  reconcile: 1,
  loseFile: 1,
  loseRow: 1,
  plant: 1,
  takeOver: 1,
} as const;
const CHOICE = (Object.keys(WEIGHTS) as (keyof typeof WEIGHTS)[]).flatMap((deed) =>
  Array.from({ length: WEIGHTS[deed] }, () => deed),
);

export class Life {
  readonly #shared: SharedCache;
  readonly #material: Material;
  readonly #random: () => number;
  readonly #model = new Map<number, Place>();
  /** One song that plays all the time, now this one and now that one. */
  #playing: { readonly number: number; readonly audio: CachedAudio } | undefined;

  constructor(shared: SharedCache, material: Material, random: () => number) {
    this.#shared = shared;
    this.#material = material;
    this.#random = random;
  }

  /** Does one thing at random and compares. Returns what it did. */
  async step(): Promise<string> {
    const deed = CHOICE[Math.floor(this.#random() * CHOICE.length)] ?? "play";
    const number = Math.floor(this.#random() * SONGS);
    await this[deed](number);
    await this.#compare();
    return `${deed} ${number}`;
  }

  async play(number: number): Promise<void> {
    const before = this.#shared.source.downloads.length;
    const { audio, packets } = await this.#shared.hear(song(number));
    assert.equal(soundOf(packets), soundOf(packetsOf(this.#material, songId(number))));
    // A file without a row is checked and kept; a row without a file is a miss.
    const isThere = this.#isThere(number);
    assert.equal(audio.outcome, isThere ? "hit" : "miss");
    assert.equal(this.#shared.source.downloads.length - before, isThere ? 0 : 1);
    this.#model.set(number, "whole");
  }

  async skip(number: number): Promise<void> {
    const skipped = new AbortController();
    const hearing = this.#shared.hear(song(number), skipped.signal);
    const turns = Math.floor(this.#random() * 200);
    for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    skipped.abort();
    const code = await hearing.then(
      () => "heard",
      (error: unknown) => toAppError(error).code,
    );
    assert.ok(code === "heard" || code === "ABORTED", code);
    // A fill that was nearly done goes on without anybody.
    await this.#shared.settled(song(number));
    const row = await this.#shared.index.find(cacheKey(song(number)), PROFILE.id);
    const file = await this.#shared.blobs.stat(refOf(number));
    if (this.#isThere(number) || code === "heard") assert.ok(file);
    if (code === "heard") assert.ok(row);
    this.#learn(number, row !== undefined, file !== undefined);
  }

  #learn(number: number, hasRow: boolean, hasFile: boolean): void {
    if (hasRow || hasFile) this.#model.set(number, !hasFile ? "row only" : hasRow ? "whole" : "file only");
    else this.#model.delete(number);
  }

  async refresh(number: number): Promise<void> {
    const before = this.#shared.source.downloads.length;
    await this.#shared.refresh(song(number));
    assert.equal(this.#shared.source.downloads.length - before, 1);
    this.#model.set(number, "whole");
  }

  async hold(number: number): Promise<void> {
    await this.letGo();
    const audio = await this.#shared.acquire(song(number));
    this.#playing = { number, audio };
    this.#model.set(number, "whole");
  }

  async letGo(): Promise<void> {
    const playing = this.#playing;
    this.#playing = undefined;
    await playing?.audio.close();
    // What was cleared while it played goes now.
    if (playing) await this.#shared.settled(song(playing.number));
  }

  async evict(): Promise<void> {
    const sizes = await this.#sizes();
    const wanted = 1 + Math.floor(this.#random() * 20_000);
    await this.#shared.maintenance.makeRoom(wanted);
    const left = await this.#sizes();
    const gone = [...sizes].filter(([ref]) => !left.has(ref));
    const playing = this.#playing && refOf(this.#playing.number);
    assert.ok(!gone.some(([ref]) => ref === playing), "what plays was evicted");
    const free = [...sizes].filter(([ref]) => ref !== playing).reduce((sum, [, bytes]) => sum + bytes, 0);
    const freed = gone.reduce((sum, [, bytes]) => sum + bytes, 0);
    assert.ok(freed >= Math.min(wanted, free), `${freed} of ${wanted} bytes were freed`);
    for (const number of this.#model.keys()) if (!left.has(refOf(number))) this.#model.delete(number);
  }

  async clear(): Promise<void> {
    await this.#shared.clear();
    const playing = this.#playing?.number;
    for (const number of this.#model.keys()) if (number !== playing) this.#model.delete(number);
    await this.#compare();
    await this.letGo();
    this.#model.clear();
  }

  async reconcile(): Promise<void> {
    const { failed } = await this.#shared.reconcile();
    assert.equal(failed, 0);
    for (const [number, place] of this.#model) {
      if (place === "row only") this.#model.delete(number);
      else this.#model.set(number, "whole");
    }
    assert.deepEqual((await this.#shared.reconcile()).steps, []);
    assert.deepEqual(await disagreements(this.#shared, this.#material), []);
  }

  async loseFile(number: number): Promise<void> {
    if (this.#playing?.number === number) return;
    await rm(this.#file(number), { force: true });
    if (this.#model.get(number) === "whole") this.#model.set(number, "row only");
    if (this.#model.get(number) === "file only") this.#model.delete(number);
  }

  async loseRow(number: number): Promise<void> {
    const { db } = this.#shared;
    await db.deleteFrom("cache_entries").where("key", "=", songId(number)).execute();
    if (this.#model.get(number) === "whole") this.#model.set(number, "file only");
    if (this.#model.get(number) === "row only") this.#model.delete(number);
  }

  /** A file comes from somewhere: a backup that was brought back, another bot. */
  async plant(number: number): Promise<void> {
    if (this.#model.has(number)) return;
    const { title, artist, url, source, id } = song(number);
    const names = { ENCORE_SOURCE: source, ENCORE_ID: id, ENCORE_URL: url, ENCORE_PROFILE: PROFILE.id };
    await mkdir(path.dirname(this.#file(number)), { recursive: true });
    await writeFile(this.#file(number), fileOf(this.#material, { TITLE: title, ARTIST: artist, ...names }));
    this.#model.set(number, "file only");
  }

  /** An older cache has the song too. */
  async takeOver(number: number): Promise<void> {
    const place = this.#model.get(number);
    if (place !== undefined && place !== "whole") return;
    assert.deepEqual(await takeOver(this.#shared, this.#material, songId(number)), []);
    this.#model.set(number, "whole");
  }

  #isThere(number: number): boolean {
    return this.#model.has(number) && this.#model.get(number) !== "row only";
  }

  #file(number: number): string {
    return this.#shared.at("audio", refOf(number));
  }

  /** Bytes by name of everything that has a row or a file. */
  async #sizes(): Promise<Map<string, number>> {
    const rows = await presentRows(this.#shared.rows);
    const files = await Array.fromAsync(this.#shared.blobs.list());
    return new Map([
      ...rows.map(({ blobRef, bytes }): [string, number] => [blobRef, bytes]),
      ...files.map(({ ref, bytes }): [string, number] => [ref, bytes]),
    ]);
  }

  /** Files and rows are exactly those of the model. */
  async #compare(): Promise<void> {
    const model = [...this.#model];
    const ids = (...places: readonly Place[]): string[] =>
      model.filter(([, place]) => places.includes(place)).map(([number]) => songId(number));
    const files = await Array.fromAsync(this.#shared.blobs.list(), ({ ref }) => path.basename(ref, ".opus"));
    assert.deepEqual(new Set(files), new Set(ids("whole", "file only")));
    const rows = (await presentRows(this.#shared.rows)).map(({ key }) => String(key));
    assert.deepEqual(new Set(rows), new Set(ids("whole", "row only")));
  }
}
