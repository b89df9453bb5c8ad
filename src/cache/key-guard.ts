import { setTimeout as delay } from "node:timers/promises";
import { throwIfAborted } from "../core/abort.ts";
import { AppError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import { KEY_LEASE, type Lease, type Leases } from "../db/leases.ts";
import type { KeyedMutex } from "./keyed-mutex.ts";

export interface KeyGuardOptions {
  readonly locks: KeyedMutex;
  readonly leases: Pick<Leases, "tryAcquire" | "renew" | "release">;
  readonly log: Logger;
  /** How long a lease lives without a beat. Default 15 s. */
  readonly ttlMs?: number;
  /** Time between beats. Default 5 s. */
  readonly beatMs?: number;
  /** A number from 0 to 1 for the pauses of those who wait. */
  readonly random?: () => number;
}

const SHORTEST_WAIT_MS = 25;
const LONGEST_WAIT_MS = 100;

/**
 * The right to fill or remove one key: first among the callers of this process, then among processes. It is an
 * economy, not the safety: that comes from scratch names used once, publishing without overwriting, and the lease's
 * token in every write.
 */
export class KeyGuard {
  readonly #options: KeyGuardOptions;

  constructor(options: KeyGuardOptions) {
    this.#options = options;
  }

  /**
   * Runs work while nobody else holds the key. The work's signal fires when the caller's does, or with `LEASE_LOST`
   * when another process took over because this one slept too long.
   * @throws {AppError} `ABORTED` while waiting; what the work throws
   */
  async run<T>(
    key: string,
    work: (lease: Lease, signal: AbortSignal) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T> {
    return this.#options.locks.run(key, async () => {
      const lease = await this.#acquire(`${KEY_LEASE}${key}`, signal);
      const lost = new AbortController();
      const heart = this.#beat(lease, lost);
      try {
        return await work(lease, AbortSignal.any([signal, lost.signal]));
      } catch (error) {
        // Who slept may fail for reasons of its own before the next beat tells it.
        throw (await this.#isLost(lease, lost)) ? new AppError("LEASE_LOST", { name: lease.name }) : error;
      } finally {
        clearInterval(heart);
        await this.#release(lease);
      }
    });
  }

  async #acquire(name: string, signal: AbortSignal): Promise<Lease> {
    const { leases, ttlMs = 15_000, random = Math.random } = this.#options;
    for (;;) {
      throwIfAborted(signal);
      const lease = await leases.tryAcquire(name, ttlMs);
      if (lease) return lease;
      await delay(SHORTEST_WAIT_MS + random() * (LONGEST_WAIT_MS - SHORTEST_WAIT_MS));
    }
  }

  #beat(lease: Lease, lost: AbortController): NodeJS.Timeout {
    const { leases, log, ttlMs = 15_000, beatMs = 5_000 } = this.#options;
    const beat = async (): Promise<void> => {
      if (!(await leases.renew(lease, ttlMs))) lost.abort(new AppError("LEASE_LOST", { name: lease.name }));
    };
    return setInterval(() => {
      beat().catch((error: unknown) => log.warn("lease.beat_failed", { lease: lease.name, error }));
    }, beatMs);
  }

  async #isLost(lease: Lease, lost: AbortController): Promise<boolean> {
    if (lost.signal.aborted) return true;
    const { leases, ttlMs = 15_000 } = this.#options;
    return leases.renew(lease, ttlMs).then(
      (isOurs) => !isOurs,
      () => false,
    );
  }

  /** A lease that cannot be given back (the database is gone) frees itself by time. */
  async #release(lease: Lease): Promise<void> {
    try {
      await this.#options.leases.release(lease);
    } catch (error) {
      this.#options.log.warn("lease.release_failed", { lease: lease.name, error });
    }
  }
}
