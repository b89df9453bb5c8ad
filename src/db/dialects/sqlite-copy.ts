/**
 * A thread that copies one database and checks the copy, so that music goes on meanwhile. VACUUM INTO reads every row
 * by SQLite's own means: a plain copy of the file would miss what is in the -wal, and reading the file in this process
 * drops SQLite's locks.
 */
import { parentPort, workerData } from "node:worker_threads";
import Sqlite from "better-sqlite3";
import { type CopyFailure, requireWhole } from "./sqlite-file.ts";

const { from, to } = workerData as { readonly from: string; readonly to: string };

function copy(): CopyFailure | "done" {
  try {
    const connection = new Sqlite(from, { fileMustExist: true });
    try {
      connection.prepare("vacuum into ?").run(to);
    } finally {
      connection.close();
    }
    requireWhole(to);
    return "done";
  } catch (error) {
    if (!(error instanceof Sqlite.SqliteError)) throw error;
    return { code: error.code, message: error.message };
  }
}

parentPort?.postMessage(copy(), []);
