// The bot as its own process, started by environment alone, and what it logs.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { BOT, flagsFor, ROOT } from "../../scripts/launch.cjs";

/** One line of the bot's log. */
export interface LogEvent {
  readonly event: string;
  readonly level: string;
  readonly time: string;
  readonly [field: string]: unknown;
}

export interface BotProcessOptions {
  /** Everything the bot is told; PATH and HOME are added. */
  readonly env: Readonly<Record<string, string>>;
  /** Called for each line as it is logged. */
  readonly onEvent?: (event: LogEvent) => void;
}

const WAIT_MS = 30_000;

/** A running bot. */
export class BotProcess implements AsyncDisposable {
  readonly events: LogEvent[] = [];
  readonly #child: ChildProcess;
  readonly #waiting = new Set<() => void>();
  readonly #closed: Promise<unknown>;
  #stderr = "";

  private constructor(child: ChildProcess, onEvent: ((event: LogEvent) => void) | undefined) {
    this.#child = child;
    this.#closed = once(child, "close");
    if (child.stdout) {
      createInterface({ input: child.stdout }).on("line", (line) => {
        const event = parse(line);
        this.events.push(event);
        onEvent?.(event);
        for (const wake of this.#waiting) wake();
      });
    }
    child.stderr?.on("data", (data: Buffer) => {
      this.#stderr = (this.#stderr + data.toString()).slice(-20_000);
    });
    child.on("exit", () => {
      for (const wake of this.#waiting) wake();
    });
  }

  /** Starts it and waits until it says `ready`. @throws {Error} with its output when it does not */
  static async start(options: BotProcessOptions): Promise<BotProcess> {
    const bot = BotProcess.launch(options);
    try {
      await bot.event("ready");
    } catch (error) {
      await bot.stop("SIGKILL");
      throw error;
    }
    return bot;
  }

  /** Starts it, as `npm start` does, without waiting for anything. */
  static launch(options: BotProcessOptions): BotProcess {
    const child = spawn(process.execPath, [...flagsFor(BOT), BOT], {
      cwd: ROOT,
      env: {
        PATH: process.env["PATH"] ?? "",
        HOME: process.env["HOME"] ?? "",
        LOG_FORMAT: "json",
        LOG_LEVEL: "debug",
        ...options.env,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    return new BotProcess(child, options.onEvent);
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error("The bot could not be started.");
    return this.#child.pid;
  }

  get hasExited(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** What it wrote to standard error. */
  get stderr(): string {
    return this.#stderr;
  }

  /** All events of a name so far. */
  named(name: string, matches: (event: LogEvent) => boolean = () => true): LogEvent[] {
    return this.events.filter((event) => event.event === name && matches(event));
  }

  /** Waits until `count` events of a name are there and returns the last of them. */
  async event(
    name: string,
    options: { count?: number; matches?: (event: LogEvent) => boolean } = {},
  ): Promise<LogEvent> {
    const { count = 1, matches } = options;
    const deadline = performance.now() + WAIT_MS;
    for (;;) {
      const found = this.named(name, matches)[count - 1];
      if (found) return found;
      if (this.hasExited) throw new Error(`The bot ended while waiting for ${name}.\n${this.#tail()}`);
      if (performance.now() > deadline)
        throw new Error(`The bot never logged ${count} × ${name}.\n${this.#tail()}`);
      await this.#nextLine(deadline - performance.now());
    }
  }

  /** Ends it and returns its exit code; `null` when a signal ended it. */
  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<number | null> {
    if (!this.hasExited) this.#child.kill(signal);
    return this.exit();
  }

  /** Waits until it has ended and all it said was read. Returns its exit code. */
  async exit(): Promise<number | null> {
    await this.#closed;
    return this.#child.exitCode;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop("SIGKILL");
  }

  async #nextLine(atMostMs: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, Math.max(1, atMostMs));
      this.#waiting.add(wake);
    });
  }

  #tail(): string {
    return [...this.events.slice(-15).map((event) => JSON.stringify(event)), this.#stderr].join("\n");
  }
}

function parse(line: string): LogEvent {
  try {
    return JSON.parse(line) as LogEvent;
  } catch {
    return { event: "not-json", level: "error", time: "", line };
  }
}
