import type { Clock } from "../core/clock.ts";
import { AppError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import type { MaintenanceLog } from "../db/maintenance-log.ts";
import type { EvictionPolicy } from "../policy/eviction.ts";
import { type ApplyDeps, applyPlan, type RunReport } from "./apply.ts";
import { type InventoryDeps, takeInventory } from "./inventory.ts";
import { type Plan, planCleanup, planClear, sumBytes } from "./plan.ts";

export interface MaintenanceDeps extends InventoryDeps, ApplyDeps {
  readonly runs: MaintenanceLog;
  readonly rules: {
    readonly limitBytes: number;
    readonly retentionDays: number;
    readonly policy: EvictionPolicy;
  };
  /** Keys that are being filled or removed by anybody now. */
  readonly leasedKeys: () => Promise<ReadonlySet<string>>;
  /** Told the rank of the last victim, so that the eviction clock goes on. */
  readonly advanceEvictionClock: (evictKey: number) => Promise<void>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Cleaning up and clearing: first a plan, then, by a second call, the deed. One run at a time. */
export class Maintenance {
  readonly #deps: MaintenanceDeps;
  #running = false;

  constructor(deps: MaintenanceDeps) {
    this.#deps = deps;
  }

  /** What a run would do now. Changes nothing. */
  async plan(kind: Plan["kind"]): Promise<Plan> {
    const items = await takeInventory(this.#deps);
    if (kind === "clear") return planClear(items);
    return planCleanup(items, { ...this.#deps.rules, nowMs: this.#deps.clock.nowMs() });
  }

  /**
   * Carries out a plan. `actor` is who asked: a user id or `schedule`.
   * @throws {AppError} `BUSY_MAINTENANCE` while another run is on
   */
  async run(plan: Plan, actor: string): Promise<RunReport> {
    if (this.#running) throw new AppError("BUSY_MAINTENANCE");
    this.#running = true;
    const { clock, runs, advanceEvictionClock } = this.#deps;
    const startedAtMs = clock.nowMs();
    try {
      const report = await applyPlan(this.#deps, plan);
      const evicted = plan.removals.filter((item) => item.reason === "over the limit");
      const lastRank = evicted.reduce((highest, item) => Math.max(highest, item.evictKey), 0);
      if (evicted.length > 0) await advanceEvictionClock(lastRank);
      await runs.record({
        kind: report.kind,
        actor,
        startedAtMs,
        endedAtMs: clock.nowMs(),
        removedFiles: report.removedFiles,
        removedBytes: report.removedBytes,
        keptInUse: report.inUse,
        failed: report.failed,
      });
      return report;
    } finally {
      this.#running = false;
    }
  }

  /** Removes, by policy, files of together so many bytes, if there are any that may go. */
  async makeRoom(bytes: number): Promise<void> {
    if (this.#running) return;
    const { rules, clock } = this.#deps;
    // Whoever asks for room holds a key and waits for us; waiting for a key in turn could wait for ever.
    const leased = await this.#deps.leasedKeys();
    const items = (await takeInventory(this.#deps)).map((item) =>
      leased.has(item.key) ? { ...item, use: "playing" as const } : item,
    );
    const limitBytes = Math.max(0, Math.min(rules.limitBytes, sumBytes(items)) - bytes);
    const plan = planCleanup(items, { ...rules, limitBytes, nowMs: clock.nowMs() });
    if (plan.removals.length > 0 && !this.#running) await this.run(plan, "schedule");
  }

  /** Brings the cache back under its limit after a song was added; quietly does nothing while another run is on. */
  async enforceLimit(): Promise<void> {
    if (this.#running || (await this.#deps.index.totals()).bytes <= this.#deps.rules.limitBytes) return;
    const plan = await this.plan("cleanup");
    if (plan.removals.length > 0 && !this.#running) await this.run(plan, "schedule");
  }
}
