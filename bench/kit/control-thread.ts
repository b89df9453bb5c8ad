/** The machine's own lateness: a thread that does nothing but wake every 20 ms and note how late that was. */
import { once } from "node:events";
import { Worker } from "node:worker_threads";

/** Milliseconds. */
export interface Lateness {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

export interface ControlReport {
  readonly lateMs: Lateness;
  /** Wake-ups more than 10 ms late; `atMs` = wall clock when it woke. */
  readonly stalls: readonly { readonly atMs: number; readonly lateMs: number }[];
  /** What the thread itself used. */
  readonly cpuMs: number;
}

/** Runs until it is stopped. */
export class ControlThread {
  readonly #worker: Worker;
  readonly #flag = new Int32Array(new SharedArrayBuffer(4));

  private constructor() {
    this.#worker = new Worker(new URL("control-worker.ts", import.meta.url), { workerData: this.#flag });
  }

  /** Starts it; what starting costs is over when this resolves. */
  static async start(): Promise<ControlThread> {
    const thread = new ControlThread();
    await once(thread.#worker, "message");
    return thread;
  }

  async stop(): Promise<ControlReport> {
    const report = once(this.#worker, "message");
    Atomics.store(this.#flag, 0, 1);
    Atomics.notify(this.#flag, 0);
    return ((await report) as [ControlReport])[0];
  }
}
