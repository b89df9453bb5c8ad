/** `npm run cache -- …`: looks after the cache, beside the running bot or without it. */
import { constants, setPriority } from "node:os";
import path from "node:path";
import { EXIT } from "../src/app/cachectl/context.ts";
import { runCachectl } from "../src/app/cachectl/main.ts";
import { configFiles, readEnvironment } from "../src/config/environment.ts";

const ROOT = path.join(import.meta.dirname, "..");
const SAME_MS = 1_000;
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", ({ code }: NodeJS.ErrnoException) => {
    // Whoever reads the output may stop reading: `npm run cache -- status | head`.
    if (code === "EPIPE") return;
    process.stderr.write(`The output could not be written (${code}).\n`);
    process.exit(EXIT.failed);
  });
}
// The music goes first.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

const stopping = new AbortController();
let stoppedAtMs = Infinity;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    // Twice means now; but the terminal, npm and the launcher hand on one and the same Ctrl-C.
    if (signal === "SIGINT" && performance.now() - stoppedAtMs > SAME_MS) process.exit(EXIT.interrupted);
    stoppedAtMs = Math.min(stoppedAtMs, performance.now());
    stopping.abort();
  });
}
// Ctrl-D at a question closes the input: nothing is left that could answer.
process.on("beforeExit", () => stopping.abort());

const deps = {
  environment: readEnvironment(ROOT),
  files: configFiles(ROOT),
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
};
process.exitCode = await runCachectl(process.argv.slice(2), deps, stopping.signal);
