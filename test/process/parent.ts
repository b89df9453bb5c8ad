// A process of its own that uses the runner: run by the tests to be killed, or to run out of files.
import { closeSync, openSync } from "node:fs";
import { createProcessRunner } from "../../src/process/child-runner.ts";

const signal = new AbortController().signal;
const runner = createProcessRunner();
const [, , task, mark] = process.argv;

if (task === "long-child") {
  process.on("SIGUSR2", () => process.exit(0));
  const code = `setInterval(() => {}, 1000); // inner-${String(mark)}`;
  await runner.run({ command: process.execPath, args: ["-e", code], limits: { timeoutMs: 600_000 } }, signal);
}

if (task === "short-of-files") {
  const say = { command: "echo", args: ["hello"], limits: { timeoutMs: 10_000 } };
  await runner.run(say, signal);
  const taken = takeAllFiles();
  // Finding the command itself needs no descriptor; the pipes to the child do.
  const error: unknown = await runner.run(say, signal).catch((thrown: unknown) => thrown);
  for (const file of taken) closeSync(file);
  const { code, context } = error as { code: string; context: { reason: string } };
  const { stdout } = await runner.run(say, signal);
  process.stdout.write(JSON.stringify({ code, reason: context.reason, afterwards: stdout }));
}

function takeAllFiles(): number[] {
  const taken: number[] = [];
  try {
    for (let count = 0; count < 1_000; count += 1) taken.push(openSync("/dev/null", "r"));
  } catch {
    // None is left, as wanted.
  }
  return taken;
}
