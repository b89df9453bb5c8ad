import { throwIfAborted } from "../core/abort.ts";
import type { ProfileId } from "../core/audio-profile.ts";
import { AppError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import type { RankedEntry } from "../db/cache-index.ts";
import type { CacheRows } from "../db/cache-rows.ts";
import type { Leases } from "../db/leases.ts";
import type { EvictionPolicy } from "../policy/eviction.ts";
import { type ApplyDeps, applyPlan, removeOne, type RunReport } from "./apply.ts";
import { type Inventory, type InventoryDeps, isHalfRemoved, openInventory, withRow } from "./inventory.ts";
import type { Judgement } from "./judgement.ts";
import {
  type CleanupRules,
  type ClearSelection,
  judgements,
  type Plan,
  planCleanup,
  planClear,
} from "./plan.ts";
import type { Task } from "./record.ts";
import { carryOut, type RunControl, type RunDeps, type RunRequest, type RunSummary } from "./run.ts";

export interface MaintenanceDeps extends InventoryDeps, ApplyDeps, RunDeps {
  readonly rows: InventoryDeps["rows"] & ApplyDeps["rows"] & Pick<CacheRows, "halfRemoved">;
  readonly rules: {
    readonly limitBytes: number;
    readonly retentionDays: number;
    readonly policy: EvictionPolicy;
    /** Profiles whose songs are played. */
    readonly currentProfiles?: ReadonlySet<ProfileId>;
  };
  readonly leases: Pick<Leases, "livingKeys">;
  /** Told the rank of the last victim, so that the eviction clock goes on. */
  readonly advanceEvictionClock: (evictKey: number) => Promise<void>;
  readonly log: Logger;
}

/** What makes a clean-up another than the usual one. */
export type CleanupChanges = Partial<
  Pick<CleanupRules, "categories" | "retentionDays" | "limitBytes" | "lowWaterMark" | "roomBytes">
>;

const NEVER = new AbortController().signal;

/** Cleaning up and clearing: first a plan, then, by a second call, the deed. One run at a time. */
export class Maintenance {
  readonly #deps: MaintenanceDeps;

  constructor(deps: MaintenanceDeps) {
    this.#deps = deps;
  }

  /** What a run would do now. Changes nothing. */
  async plan(kind: Plan["kind"]): Promise<Plan> {
    return kind === "clear" ? this.planClear({}) : this.planCleanup({});
  }

  /** What a clean-up would do, the usual one unless told otherwise. */
  async planCleanup(changes: CleanupChanges): Promise<Plan> {
    const { rules, clock } = this.#deps;
    const whole = { ...rules, nowMs: clock.nowMs(), ...changes };
    return await planCleanup(await this.#inventory(changes), whole);
  }

  /** What clearing a part of the cache would do; all of it for `{}`. */
  async planClear(selection: ClearSelection): Promise<Plan> {
    return await planClear(await this.#inventory({}), selection, this.#deps.clock.nowMs());
  }

  /** The files of a plan as they are now, and what is to become of them. */
  async *judge(plan: Plan): AsyncGenerator<Judgement, void, undefined> {
    yield* judgements(await this.#inventory(plan.kind === "cleanup" ? plan.rules : {}), plan);
  }

  /** Whoever asks for room holds a key and waits for us; waiting for a key in turn could wait for ever. */
  async #inventory({ roomBytes }: Pick<CleanupChanges, "roomBytes">): Promise<Inventory> {
    const held = roomBytes === undefined ? undefined : await this.#deps.leases.livingKeys();
    return await openInventory(this.#deps, held);
  }

  /**
   * Carries out a plan. `actor` is who asked: a user id or `schedule`.
   * @throws {AppError} `BUSY_MAINTENANCE` while another run is on, here or in another process
   */
  async run(plan: Plan, actor: string): Promise<RunReport> {
    let report: RunReport | undefined;
    const origin = actor === "schedule" ? "schedule" : "chat";
    const request: RunRequest = { kind: plan.kind, actor, origin, detail: "", dryRun: false };
    await this.perform(request, async (task) => void (report = await this.apply(plan, task)), {
      signal: NEVER,
    });
    if (!report) throw new AppError("INTERNAL", { detail: "a run without a report" });
    return report;
  }

  /** Carries out a plan as a part of a run that has begun. @throws {AppError} `ABORTED`, with a part of it done */
  async apply(plan: Plan, task: Task): Promise<RunReport> {
    const report = await applyPlan(this.#deps, plan, this.judge(plan), task);
    const lastRank = plan.kind === "cleanup" ? plan.lastEvictKey : undefined;
    if (lastRank !== undefined) await this.#deps.advanceEvictionClock(lastRank);
    throwIfAborted(task.signal);
    return report;
  }

  /** Any task, in its turn, with a log and an audit row. @throws {AppError} `BUSY_MAINTENANCE` */
  async perform(
    request: RunRequest,
    work: (task: Task) => Promise<void>,
    control: RunControl,
  ): Promise<RunSummary> {
    return carryOut(this.#deps, request, work, control);
  }

  /** Removes, by policy, files of together so many bytes, if there are any that may go. */
  async makeRoom(bytes: number): Promise<void> {
    await this.#runIfFree(await this.planCleanup({ roomBytes: bytes }));
  }

  /** Removes those of these files that were cleared while they were in use. Somebody has just let go of them. */
  async released(refs: readonly string[]): Promise<void> {
    for (const ref of refs) {
      const row = await this.#deps.rows.owning(ref);
      if (row) await this.#finishRemoval(row);
    }
  }

  /** Finishes the removals that a process left behind, as far as nobody uses the files. */
  async finishRemovals(): Promise<void> {
    for await (const row of this.#deps.rows.halfRemoved()) await this.#finishRemoval(row);
  }

  async #finishRemoval(row: RankedEntry): Promise<void> {
    if (!isHalfRemoved(row)) return;
    const { runs, clock } = this.#deps;
    const startedAtMs = clock.nowMs();
    const item = withRow(row, () => "free");
    const outcome = await removeOne(this.#deps, { ...item, reason: "unfinished removal" }, undefined);
    if (outcome !== "removed") return;
    const who = { kind: "clear", actor: "schedule", origin: "schedule", detail: "had been in use" } as const;
    const what = { removedFiles: 1, removedBytes: row.bytes, keptInUse: 0, repaired: 0, failed: 0 };
    await runs.record({ ...who, ...what, startedAtMs, endedAtMs: clock.nowMs() });
  }

  /** Brings the cache back under its limit after a song was added; quietly does nothing while another run is on. */
  async enforceLimit(): Promise<void> {
    if ((await this.#deps.index.totals()).bytes <= this.#deps.rules.limitBytes) return;
    await this.#runIfFree(await this.plan("cleanup"));
  }

  async #runIfFree(plan: Plan): Promise<void> {
    if (plan.removals.count === 0) return;
    try {
      await this.run(plan, "schedule");
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== "BUSY_MAINTENANCE") throw error;
    }
  }
}
