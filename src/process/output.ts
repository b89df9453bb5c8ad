// What a child prints, kept within bounds: the tail of a stream, and its lines one by one.
import { StringDecoder } from "node:string_decoder";

/** Longest line that is handed on, in bytes; the rest of a longer one is dropped. */
const LINE_LIMIT_BYTES = 64 * 1024;

/** Remembers the last `limitBytes` of everything written to it. */
export class Tail {
  readonly #limitBytes: number;
  #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  write(chunk: Buffer): void {
    // A copy of the end only: a small view would keep the whole chunk in memory.
    const kept = chunk.length > this.#limitBytes ? Buffer.from(chunk.subarray(-this.#limitBytes)) : chunk;
    this.#chunks.push(kept);
    this.#bytes += kept.length;
    while (this.#bytes - (this.#chunks[0]?.length ?? 0) >= this.#limitBytes) {
      this.#bytes -= this.#chunks.shift()?.length ?? 0;
    }
  }

  text(): string {
    const all = Buffer.concat(this.#chunks);
    return all.subarray(Math.max(all.length - this.#limitBytes, 0)).toString("utf8");
  }
}

/** Cuts a byte stream into lines without their line ends. Memory stays within one line. */
export class LineSplitter {
  readonly #onLine: (line: string) => void;
  #decoder = new StringDecoder("utf8");
  #line = "";
  #lineBytes = 0;

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  write(chunk: Buffer): void {
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      this.#append(chunk.subarray(from, end));
      this.#emit();
      from = end + 1;
    }
    this.#append(chunk.subarray(from));
  }

  /** Hands on what stands after the last line end, if anything. */
  end(): void {
    if (this.#lineBytes > 0) this.#emit();
  }

  #append(part: Buffer): void {
    const kept = part.subarray(0, LINE_LIMIT_BYTES - this.#lineBytes);
    this.#lineBytes += kept.length;
    this.#line += this.#decoder.write(kept);
  }

  #emit(): void {
    const line = this.#line + this.#decoder.end();
    this.#line = "";
    this.#lineBytes = 0;
    this.#onLine(line.endsWith("\r") ? line.slice(0, -1) : line);
  }
}
