import { randomBytes } from "node:crypto";

/**
 * `<key>.<pid>-<random>.src`: makes scratch names ours alone, so that what an earlier try left behind can never be
 * mistaken for this one's. The number of the process is for people who look into the folder.
 */
export function newWorkToken(pid: number = process.pid): string {
  return `${pid}-${randomBytes(6).toString("hex")}`;
}
