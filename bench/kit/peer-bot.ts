/** A bot of bots/bot.ts as its own process, seen from the benchmark. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { LocalDiscord } from "../../test/sandbox/discord/local-discord.ts";
import type { Answer, Ask, WatchFacts } from "../bots/protocol.ts";
import type { Contender } from "./contenders.ts";
import { familyUse } from "./process-time.ts";

const BOT = fileURLToPath(new URL("../bots/bot.ts", import.meta.url));
const ANSWER_WITHIN_MS = 60_000;

/** What a stretch of playing cost and how punctual it was; children are counted. */
export interface Cost extends WatchFacts {
  readonly childrenCpuMs: number;
  readonly children: number;
  readonly childrenRssBytes: number;
}

/** Ends with `stop`. */
export class PeerBot {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #asked = 0;
  #complaints = "";

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.on("message", (answer: Answer) => this.#waiting.get(answer.id)?.(answer));
    child.stderr?.on("data", (text: Buffer) => {
      this.#complaints = (this.#complaints + text.toString()).slice(-4_000);
    });
  }

  /** Starts it and waits until its commands are registered. @throws {Error} with what it wrote to stderr */
  static async start(
    { engine, nodeFlags = [] }: Contender,
    discord: LocalDiscord,
    told: Readonly<Record<string, string>> = {},
  ): Promise<PeerBot> {
    const env = {
      PATH: process.env["PATH"] ?? "",
      HOME: process.env["HOME"] ?? "",
      ENGINE: engine,
      ...discord.env,
      ...told,
    };
    const child = fork(BOT, { env, execArgv: [...nodeFlags], stdio: ["ignore", "ignore", "pipe", "ipc"] });
    const bot = new PeerBot(child);
    await bot.#answer(0);
    return bot;
  }

  get pid(): number {
    return this.#child.pid!;
  }

  /** What it complained about, the end of it. */
  get complaints(): string {
    return this.#complaints;
  }

  async ask(ask: Ask): Promise<WatchFacts | undefined> {
    this.#asked += 1;
    this.#child.send({ id: this.#asked, ask });
    return await this.#answer(this.#asked);
  }

  /** What playing for so long costs. */
  async cost(forMs: number): Promise<Cost> {
    const before = await familyUse(this.pid);
    await this.ask({ what: "watch" });
    await new Promise((resolve) => setTimeout(resolve, forMs));
    const facts = await this.ask({ what: "unwatch" });
    const after = await familyUse(this.pid);
    return { ...facts!, ...after, childrenCpuMs: after.childrenCpuMs - before.childrenCpuMs };
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, "exit");
    this.#child.kill("SIGKILL");
    await exited;
  }

  async #answer(id: number): Promise<WatchFacts | undefined> {
    const answer = await new Promise<Answer>((resolve, reject) => {
      const fail = (why: string): void => reject(new Error(`The bot ${why}.\n${this.#complaints}`));
      const timer = setTimeout(fail, ANSWER_WITHIN_MS, "did not answer");
      const ended = (): void => fail("ended");
      this.#child.once("exit", ended);
      this.#waiting.set(id, (came) => {
        clearTimeout(timer);
        this.#child.off("exit", ended);
        this.#waiting.delete(id);
        resolve(came);
      });
    });
    if ("error" in answer) throw new Error(`The bot said: ${answer.error}\n${this.#complaints}`);
    return answer.facts;
  }
}
