// Whether a file can be decoded while it is still growing.
import { type Demuxer, sniffBy } from "./sniff.ts";
import type { GrowingFile } from "./live.ts";

const HEAD_BYTES = 4 * 1024;
const BOX_HEADER_BYTES = 16;

/** Its demuxer; `undefined` = it can be read only when it is whole, or not at all, or it was replaced meanwhile. */
export async function streamable(file: GrowingFile, signal: AbortSignal): Promise<Demuxer | undefined> {
  const demuxer = await sniffBy((position) => readFully(file, { position, bytes: HEAD_BYTES }, signal));
  return demuxer !== "mov" || (await beginsWithIndex(file, signal)) ? demuxer : undefined;
}

/** An MP4 can be streamed when its index stands before its media (ISO/IEC 14496-12 §8.2), whole or in fragments. */
async function beginsWithIndex(file: GrowingFile, signal: AbortSignal): Promise<boolean> {
  for (let position = 0; ;) {
    const header = await readFully(file, { position, bytes: BOX_HEADER_BYTES }, signal);
    const type = header.toString("latin1", 4, 8);
    if (type === "moov") return true;
    if (type === "mdat" || header.length < 8) return false;
    const isLong = header.readUInt32BE(0) === 1 && header.length === BOX_HEADER_BYTES;
    const boxBytes = isLong ? Number(header.readBigUInt64BE(8)) : header.readUInt32BE(0);
    if (boxBytes < 8) return false;
    position += boxBytes;
  }
}

/** So many bytes, fewer only where the file ends. */
async function readFully(
  file: GrowingFile,
  { position, bytes }: { readonly position: number; readonly bytes: number },
  signal: AbortSignal,
): Promise<Buffer> {
  const buffer = Buffer.alloc(bytes);
  let have = 0;
  while (have < bytes) {
    const more = await file.read(buffer.subarray(have), position + have, signal);
    if (more === "anew" || more === 0) break;
    have += more;
  }
  return buffer.subarray(0, have);
}
