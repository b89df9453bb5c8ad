/** `npm run cache -- …`: looks after the cache, beside the running bot or without it. */
import { constants, setPriority } from "node:os";
import path from "node:path";
import { EXIT } from "../src/app/cachectl/context.ts";
import { runCachectl } from "../src/app/cachectl/main.ts";
import { configFiles, readEnvironment } from "../src/config/environment.ts";

const ROOT = path.join(import.meta.dirname, "..");
// Whoever reads the output may stop reading: `npm run cache -- status | head`.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
// The music goes first.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

const stopping = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    // Twice means now.
    if (stopping.signal.aborted && signal === "SIGINT") process.exit(EXIT.interrupted);
    stopping.abort();
  });
}

const deps = {
  environment: readEnvironment(ROOT),
  files: configFiles(ROOT),
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
};
process.exitCode = await runCachectl(process.argv.slice(2), deps, stopping.signal);
