import { AppError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import type { Leases } from "../db/leases.ts";

export interface MaintenanceTurnDeps {
  readonly leases: Pick<Leases, "tryAcquire" | "renew" | "release">;
  readonly log: Logger;
  /** Done before each run: whether the ground it works on is firm. */
  readonly before?: () => Promise<void>;
}

const NAME = "maintenance";
const TTL_MS = 30_000;
const BEAT_MS = 10_000;

/** At most one maintenance run at a time among all processes that share the cache. A dead one's turn is over. */
export class MaintenanceTurn {
  readonly #deps: MaintenanceTurnDeps;

  constructor(deps: MaintenanceTurnDeps) {
    this.#deps = deps;
  }

  /** Does not wait. @throws {AppError} `BUSY_MAINTENANCE` while another run is on; what the work throws */
  async run<T>(work: () => Promise<T>): Promise<T> {
    const { leases, log, before } = this.#deps;
    await before?.();
    const lease = await leases.tryAcquire(NAME, TTL_MS);
    if (!lease) throw new AppError("BUSY_MAINTENANCE");
    const beat = setInterval(() => {
      leases
        .renew(lease, TTL_MS)
        .catch((error: unknown) => log.warn("lease.beat_failed", { lease: NAME, error }));
    }, BEAT_MS).unref();
    try {
      return await work();
    } finally {
      clearInterval(beat);
      await leases
        .release(lease)
        .catch((error: unknown) => log.warn("lease.release_failed", { lease: NAME, error }));
    }
  }
}
