// Whether a file ends where its container says it should, for the containers whose end ffmpeg does not look at.
import { open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { oggEnding } from "./ogg-page.ts";
import type { Demuxer } from "./sniff.ts";

/** `whole`: nothing speaks against it. `open`: the end mark is missing. `cut`: it stops inside something. */
export type Ending = "whole" | "open" | "cut";

/** Reads a few bytes of the file. For containers that ffmpeg itself watches it is always `whole`. */
export async function containerEnding(path: string, demuxer: Demuxer): Promise<Ending> {
  if (demuxer !== "ogg" && demuxer !== "mov") return "whole";
  const file = await open(path, "r");
  try {
    const { size } = await file.stat();
    return await (demuxer === "ogg" ? oggEnding(file, size) : movEnding(file, size));
  } finally {
    await file.close();
  }
}

const BOX_HEADER_BYTES = 16;

/**
 * Walks the top-level boxes (ISO/IEC 14496-12 §4.2). A file in fragments can stop inside the index of its last one
 * without a word from ffmpeg.
 */
async function movEnding(file: FileHandle, sizeBytes: number): Promise<Ending> {
  const header = Buffer.alloc(BOX_HEADER_BYTES);
  let at = 0;
  while (at < sizeBytes) {
    const { bytesRead } = await file.read(header, 0, BOX_HEADER_BYTES, at);
    if (bytesRead < 8) return "cut";
    const boxBytes =
      header.readUInt32BE(0) === 1 ? Number(header.readBigUInt64BE(8)) : header.readUInt32BE(0);
    // A size of 0 means: up to the end of the file.
    if (boxBytes === 0) return "whole";
    if (boxBytes < 8) return "cut";
    at += boxBytes;
  }
  return at === sizeBytes ? "whole" : "cut";
}
