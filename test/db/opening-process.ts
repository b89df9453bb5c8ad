/** A process that opens a database as the bot does, backs it up, and says so: `node opening-process.ts FILE`. */
import { systemClock } from "../../src/core/clock.ts";
import { silentLogger } from "../../src/core/logger.ts";
import { makeBackup } from "../../src/db/backup.ts";
import { KeptDatabase } from "../../src/db/kept-database.ts";

const [file = ""] = process.argv.slice(2);
process.stdout.write("begun\n");
const settle = (): Promise<void> => Promise.resolve();
const kept = await KeptDatabase.open(
  { file, settle, clock: systemClock, log: silentLogger },
  new AbortController().signal,
);
await makeBackup(file, "daily", systemClock);
await kept.close();
