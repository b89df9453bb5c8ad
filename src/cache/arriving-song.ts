import { closeSync, fstatSync, openSync, read as readFile } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import type { Arrival, GrowingFile } from "../audio/live.ts";
import { throwIfAborted } from "../core/abort.ts";
import { Change } from "../core/change.ts";
import type { AppError } from "../core/errors.ts";
import type { Rest } from "../core/rest.ts";
import type { Track } from "../core/track.ts";
import type { ArrivingFile } from "../sources/source.ts";

/** Others write the file: nobody tells when it has grown. */
const LOOK_EVERY_MS = 40;
const read = promisify(readFile);

/** What a fill has fetched of a song by now, for those who hear it meanwhile. Its files stay open until it is released. */
export class ArrivingSong implements Arrival {
  readonly #isAltered: boolean;
  readonly #change = new Change();
  readonly #files: OpenFile[] = [];
  #rest: Rest = { status: "coming" };
  #users = 1;
  #saidLufs: number | null = null;
  #measuredLufs: number | null = null;
  #isAccepted = false;
  #scratchName = "";
  #tapes = 0;
  /** As far as it is known by now. */
  durationMs: number | null = null;

  /** `isAltered` = an effect is heard: how loud the recording is says little then. */
  constructor({ isAltered = false }: { readonly isAltered?: boolean } = {}) {
    this.#isAltered = isAltered;
  }

  /** Measured before or by now; until then what the source says. */
  get loudnessLufs(): number | null {
    return this.#measuredLufs ?? this.#saidLufs;
  }

  told({ durationMs }: Pick<Track, "durationMs">): void {
    this.durationMs = durationMs ?? this.durationMs;
  }

  /** The recording was measured, at another time. */
  measured(loudnessLufs: number | null): void {
    if (!this.#isAltered) this.#measuredLufs = loudnessLufs ?? this.#measuredLufs;
  }

  /** The whole download was decoded, nothing of it is missing, and what is heard of it is so loud. */
  accept(loudnessLufs: number | null): void {
    this.#measuredLufs = loudnessLufs ?? this.#measuredLufs;
    this.#isAccepted = true;
    this.#change.tell();
  }

  /** The fill works under this path, with something added to it. */
  place(scratchName: string): void {
    this.#scratchName = scratchName;
  }

  /** A name beside the fill's other files, another one each time. */
  newTapePath(): string {
    this.#tapes += 1;
    return `${this.#scratchName}.${this.#tapes}.tape`;
  }

  /** A file begins to grow, in the place of the one before. One that is gone already is not heard while it grows. */
  begin({ path, loudnessLufs }: ArrivingFile): void {
    const descriptor = openIfThere(path);
    if (descriptor === undefined) return;
    this.#saidLufs = this.#isAltered ? null : loudnessLufs;
    this.#rest = { status: "coming" };
    const file: OpenFile = {
      descriptor,
      read: (into, position, signal) => this.#read(file, { into, position }, signal),
    };
    this.#files.push(file);
    this.#change.tell();
  }

  /** All of it is at this path, under whatever name it grew. */
  complete(path: string): void {
    const descriptor = openIfThere(path);
    const latest = this.#files.at(-1);
    const isKnown = descriptor !== undefined && latest !== undefined && isSame(descriptor, latest.descriptor);
    if (descriptor !== undefined) closeSync(descriptor);
    if (!isKnown) this.begin({ path, loudnessLufs: this.#saidLufs });
    this.#rest = { status: "ended" };
    this.#change.tell();
  }

  /** Nothing more comes. What is here can be read to its end. */
  fail(error: AppError): void {
    this.#rest = { status: "failed", error };
    this.#change.tell();
  }

  async next(former: GrowingFile | undefined, signal: AbortSignal): Promise<GrowingFile | undefined> {
    for (;;) {
      const latest = this.#files.at(-1);
      if (latest && latest !== former) return latest;
      if (this.#rest.status === "failed") throw this.#rest.error;
      if (this.#rest.status === "ended") return undefined;
      await this.#change.next(signal);
    }
  }

  async accepted(signal: AbortSignal): Promise<void> {
    while (!this.#isAccepted) {
      if (this.#rest.status === "failed") throw this.#rest.error;
      await this.#change.next(signal);
    }
  }

  /** One more who needs its files; call `release` once for it. */
  retain(): this {
    this.#users += 1;
    return this;
  }

  release(): void {
    this.#users -= 1;
    if (this.#users > 0) return;
    for (const { descriptor } of this.#files) closeSync(descriptor);
    this.#files.length = 0;
  }

  async #read(
    file: OpenFile,
    { into, position }: { readonly into: Buffer; readonly position: number },
    signal: AbortSignal,
  ): Promise<number | "anew"> {
    for (;;) {
      throwIfAborted(signal);
      if (this.#files.at(-1) !== file) return "anew";
      // Asked before the reading: what is written in between would be missed.
      const rest = this.#rest;
      const { bytesRead } = await read(file.descriptor, into, 0, into.length, position);
      if (bytesRead > 0) return bytesRead;
      if (rest.status === "failed") throw rest.error;
      if (rest.status === "ended") return 0;
      await delay(LOOK_EVERY_MS);
    }
  }
}

interface OpenFile extends GrowingFile {
  readonly descriptor: number;
}

function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, "r");
  } catch {
    return undefined;
  }
}

function isSame(one: number, other: number): boolean {
  const [a, b] = [fstatSync(one), fstatSync(other)];
  return a.ino === b.ino && a.dev === b.dev;
}
