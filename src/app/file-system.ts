/** What a folder's file system can and cannot do. */
import { lstat, rm, statfs, writeFile } from "node:fs/promises";
import { randomBytes } from "node:crypto";
import path from "node:path";

/** Facts about the file system of one folder. */
export interface FileSystemFacts {
  readonly writable: boolean;
  /** Two names that differ in case alone are two files. */
  readonly caseSensitive: boolean;
  /** Name of the network file system; `undefined` = a local one, or one that is not known. */
  readonly network: string | undefined;
  /** Bytes that an ordinary user may still write. */
  readonly freeBytes: number;
}

/** `f_type` of statfs(2), Linux: linux/magic.h. */
const NETWORK_TYPES: ReadonlyMap<number, string> = new Map([
  [0x6969, "NFS"],
  [0x517b, "SMB"],
  [0xff534d42, "SMB"],
  [0xfe534d42, "SMB"],
  [0x01021997, "9p"],
  [0x00c36400, "Ceph"],
  [0x5346414f, "AFS"],
  [0x65735546, "FUSE"],
]);

/** Name of a network file system by the type number that statfs(2) gives. */
export function networkName(type: number): string | undefined {
  // Some systems give the number with a sign.
  return process.platform === "linux" ? NETWORK_TYPES.get(type >>> 0) : undefined;
}

/** Tries the folder out with a small file that is removed again. @throws when the folder is not there */
export async function probeFileSystem(folder: string): Promise<FileSystemFacts> {
  const { type, bavail, bsize } = await statfs(folder);
  const name = `.Probe-${randomBytes(8).toString("hex")}`;
  const file = path.join(folder, name);
  const writable = await succeeds(writeFile(file, "", { flag: "wx" }));
  const caseSensitive = !writable || !(await succeeds(lstat(path.join(folder, name.toLowerCase()))));
  await rm(file, { force: true }).catch(() => undefined);
  return { writable, caseSensitive, network: networkName(type), freeBytes: bavail * bsize };
}

async function succeeds(work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch {
    return false;
  }
}
