import { uptime } from "node:os";
import type { LeaseHolder } from "../db/leases.ts";
import { isProvablyDead, ownerId, sharesBoot } from "../process/identity.ts";

/** This process as a holder of leases. */
export function thisProcess(): LeaseHolder {
  return {
    ownerId: ownerId(),
    isProvablyDead,
    sharesUptime: sharesBoot,
    uptimeMs: () => uptime() * 1000,
    nowMs: () => Date.now(),
  };
}
