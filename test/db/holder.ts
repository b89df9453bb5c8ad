/** Holders of leases whose life and time a test decides. */
import type { LeaseHolder } from "../../src/db/leases.ts";

export function holder(
  ownerId: string,
  {
    dead = new Set(),
    clock = { uptimeMs: 0 },
  }: { readonly dead?: ReadonlySet<string>; readonly clock?: { uptimeMs: number } } = {},
): LeaseHolder {
  return {
    ownerId,
    isProvablyDead: (other) => dead.has(other),
    sharesUptime: () => true,
    uptimeMs: () => clock.uptimeMs,
    nowMs: () => clock.uptimeMs,
  };
}
