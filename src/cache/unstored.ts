import { type FileHandle, open, rm } from "node:fs/promises";

/** A finished song that could not be kept: an open file without a name, gone with its last reader. */
export class UnstoredFile {
  readonly file: FileHandle;
  #readers = 1;

  private constructor(file: FileHandle) {
    this.file = file;
  }

  /** Opens a scratch file and takes its name away. The opener counts as a reader until it calls `release`. */
  static async take(path: string): Promise<UnstoredFile> {
    const file = await open(path, "r");
    await rm(path, { force: true });
    return new UnstoredFile(file);
  }

  /** One reader more; call `release` once for it. */
  acquire(): this {
    this.#readers += 1;
    return this;
  }

  async release(): Promise<void> {
    this.#readers -= 1;
    if (this.#readers === 0) await this.file.close();
  }
}
