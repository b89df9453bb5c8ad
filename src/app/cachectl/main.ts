// The command line from its words to its exit code.
import { type as osType, userInfo } from "node:os";
import { type Command, CommanderError } from "commander";
import { confirm, isCancel, text } from "@clack/prompts";
import { type Config, loadConfig, secretValues } from "../../config/config.ts";
import type { ConfigFiles } from "../../config/config.ts";
import { systemClock } from "../../core/clock.ts";
import { AppError, toAppError } from "../../core/errors.ts";
import { type Logger, silentLogger } from "../../core/logger.ts";
import { createLogger } from "../../telemetry/logger.ts";
import { openCaretaker } from "../caretaker.ts";
import { recoveryText } from "../database-findings.ts";
import { type Answer, type CommandContext, EXIT, type ExitCode, type Person } from "./context.ts";
import { catchUp } from "./full-disk.ts";
import { buildProgram } from "./program.ts";
import { drawProgress } from "./progress.ts";

export interface MainDeps {
  readonly environment: NodeJS.ProcessEnv;
  readonly files: ConfigFiles;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

const PLAIN_WIDTH = 120;

/** Runs one command line. Resolves with the exit code; everything that goes wrong is said in one sentence. */
export async function runCachectl(
  words: readonly string[],
  deps: MainDeps,
  signal: AbortSignal,
): Promise<ExitCode> {
  const { stdout, stderr } = deps;
  const isJson = words.includes("--json");
  let exitCode: ExitCode = EXIT.done;
  const print = (command: string, answer: Answer): void => {
    exitCode = answer.exitCode;
    const envelope = { schema: 1, command, exitCode, ...answer.json };
    const lines = answer.lines.join("\n");
    if (isJson) stdout.write(`${JSON.stringify(envelope)}\n`);
    else (exitCode === EXIT.misused ? stderr : stdout).write(`${lines}\n`);
  };
  const program = buildProgram(
    async (command, work) => print(command.name(), await withCache(deps, { command, isJson }, signal, work)),
    {
      out: (part) => void stdout.write(part),
      // With --json the sentence is in the object.
      err: (part) => void (isJson || stderr.write(part)),
    },
  );
  try {
    if (words.length === 0) program.help({ error: true });
    await program.parseAsync(words, { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT.done;
    const failure = explain(error, signal);
    if (failure.isTold && !isJson) return failure.answer.exitCode;
    print(nameOf(program, words), failure.answer);
  }
  return exitCode;
}

async function withCache(
  deps: MainDeps,
  { command, isJson }: { readonly command: Command; readonly isJson: boolean },
  signal: AbortSignal,
  work: (context: CommandContext) => Promise<Answer>,
): Promise<Answer> {
  const { stdout, stderr } = deps;
  const { config } = loadConfig(deps.environment, deps.files);
  const log = quietLog(config, stderr);
  const person = personAt(deps, isJson, signal);
  const actor = userName();
  const beganAtMs = systemClock.nowMs();
  const orOnCopy = WORK_ON_COPY.has(command.name());
  const caretaker = await openCaretaker({ config, log, orOnCopy }, signal);
  if (caretaker.isOnCopy) person.say(ON_COPY);
  if (caretaker.recovery) person.say(`The database ${recoveryText(caretaker.recovery)}, or by: reconcile`);
  try {
    const answer = await work({
      config,
      caretaker,
      person,
      actor,
      signal,
      width: stdout.isTTY ? stdout.columns : PLAIN_WIDTH,
      progress: (label) =>
        drawProgress(label, {
          isTerminal: stderr.isTTY,
          write: (part) => void stderr.write(part),
          monotonicMs: () => systemClock.monotonicMs(),
        }),
    });
    if (caretaker.isOnCopy)
      await catchUp({ config, log, actor, person, copy: caretaker.runs, sinceMs: beganAtMs }, signal);
    return answer;
  } finally {
    await caretaker.close();
  }
}

/** Those that look, and those that make room. */
const WORK_ON_COPY: ReadonlySet<string> = new Set(["status", "cleanup", "clear", "export"]);
const ON_COPY = "The disk is too full to open the database, so a copy of it is used.";

/** What went wrong is in the answer and in the run's own log; more only for those who look for a fault. */
function quietLog(config: Config, stderr: NodeJS.WriteStream): Logger {
  if (config.logging.level !== "debug") return silentLogger;
  return createLogger({
    format: "pretty",
    level: "debug",
    secrets: secretValues(config),
    write: (line) => void stderr.write(line),
    clock: systemClock,
    colours: stderr.isTTY,
  });
}

/** Asking a closed stdin would never end, and a pipe would answer yes to what it has not read. */
function personAt({ stdin, stderr }: MainDeps, isJson: boolean, signal: AbortSignal): Person {
  const canAnswer = stdin.isTTY && stderr.isTTY && !isJson;
  return {
    canAnswer,
    confirm: async (message) => {
      const answer = await confirm({ message, initialValue: false, output: stderr, signal });
      if (isCancel(answer)) throw new AppError("ABORTED");
      return answer;
    },
    ask: async (message) => {
      const answer = await text({ message, output: stderr, signal });
      if (isCancel(answer)) throw new AppError("ABORTED");
      return answer;
    },
    say: (line) => void (isJson || stderr.write(`${line}\n`)),
  };
}

interface Explained {
  readonly answer: Answer;
  /** Commander has written the sentence already. */
  readonly isTold: boolean;
}

function explain(thrown: unknown, signal: AbortSignal): Explained {
  if (thrown instanceof CommanderError) {
    const message = thrown.message.replace(/^error: /u, "");
    return { answer: failed(EXIT.misused, thrown.code, message), isTold: true };
  }
  const error = toAppError(thrown);
  const exitCode = signal.aborted ? EXIT.interrupted : exitCodeOf(error);
  const cause = error.code === "INTERNAL" && error.cause instanceof Error ? ` (${error.cause.message})` : "";
  return { answer: failed(exitCode, error.code, `${error.message}${cause}`), isTold: false };
}

function failed(exitCode: ExitCode, code: string, message: string): Answer {
  return { exitCode, json: { error: { code, message } }, lines: [message] };
}

const MISUSED: ReadonlySet<string> = new Set(["NOT_AN_ID", "NOT_CACHED", "IMPORT_FOLDER"]);

function exitCodeOf({ code }: AppError): ExitCode {
  if (code === "CONFIG_INVALID") return EXIT.badConfiguration;
  if (code === "BUSY_MAINTENANCE") return EXIT.busy;
  if (code === "ABORTED") return EXIT.interrupted;
  return MISUSED.has(code) ? EXIT.misused : EXIT.failed;
}

function nameOf(program: Command, words: readonly string[]): string {
  const known = program.commands.map((command) => command.name());
  return words.find((word) => known.includes(word)) ?? "cache";
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A user without a name, as in some containers.
    return `${osType()} user`;
  }
}
