import { uptime } from "node:os";
import { expect, it } from "vitest";
import { thisProcess } from "../../src/app/lease-holder.ts";

it("holds leases as a living process, on a clock that every process of this machine shares", () => {
  const holder = thisProcess();
  expect(holder.ownerId.split("/")[2]).toBe(String(process.pid));
  expect(holder.isProvablyDead(holder.ownerId)).toBe(false);
  expect(holder.sharesUptime(holder.ownerId)).toBe(true);
  expect(Math.abs(holder.uptimeMs() - uptime() * 1_000)).toBeLessThan(60_000);
});
