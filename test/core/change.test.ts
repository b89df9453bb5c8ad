import { describe, expect, it } from "vitest";
import { Change } from "../../src/core/change.ts";

const never = new AbortController().signal;

describe("a change", () => {
  it("wakes all who wait for it, once each", async () => {
    const change = new Change();
    let woken = 0;
    const waiting = [1, 2, 3].map(async () => {
      await change.next(never);
      woken += 1;
    });
    change.tell();
    await Promise.all(waiting);
    expect(woken).toBe(3);
    const later = change.next(never).then(() => (woken += 1));
    await Promise.resolve();
    expect(woken).toBe(3);
    change.tell();
    await later;
  });

  it("is waited for no longer than the signal lets", async () => {
    const stop = new AbortController();
    const waiting = new Change().next(stop.signal);
    stop.abort();
    await expect(waiting).rejects.toMatchObject({ code: "ABORTED" });
  });
});
