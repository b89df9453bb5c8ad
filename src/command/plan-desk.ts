import { randomBytes } from "node:crypto";
import { AppError } from "../core/errors.ts";
import type { Plan } from "../maintenance/plan.ts";

interface Kept {
  readonly plan: Plan;
  readonly actorId: string;
  readonly expiresAtMs: number;
}

/** Long enough to read a preview. */
export const PLAN_VALID_MINUTES = 5;

/** Plans that were shown and wait for their asker's confirmation. Buttons carry the number, not the plan. */
export class PlanDesk {
  readonly #plans = new Map<string, Kept>();

  /** Keeps a plan for five minutes; the number goes into the button. */
  lay(plan: Plan, actorId: string, nowMs: number): string {
    for (const [number, kept] of this.#plans) if (kept.expiresAtMs <= nowMs) this.#plans.delete(number);
    const number = randomBytes(6).toString("hex");
    this.#plans.set(number, { plan, actorId, expiresAtMs: nowMs + PLAN_VALID_MINUTES * 60_000 });
    return number;
  }

  /** Looks at a plan. @throws {AppError} `PLAN_EXPIRED`, `NOT_YOUR_BUTTON` */
  look(number: string, actorId: string, nowMs: number): Plan {
    const kept = this.#plans.get(number);
    if (!kept || kept.expiresAtMs <= nowMs) throw new AppError("PLAN_EXPIRED");
    if (kept.actorId !== actorId) throw new AppError("NOT_YOUR_BUTTON");
    return kept.plan;
  }

  /** Takes a plan away, so that it is carried out once. @throws as {@link look} */
  take(number: string, actorId: string, nowMs: number): Plan {
    const plan = this.look(number, actorId, nowMs);
    this.#plans.delete(number);
    return plan;
  }
}
