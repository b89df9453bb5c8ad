import { expect, test } from "vitest";
import { SharedLookups } from "../../src/sources/shared-lookups.ts";

const never = new AbortController().signal;

function untilFired(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(new Error("stopped")));
  });
}

test("a look-up that hangs is ended and told as unreachable", async () => {
  const lookups = new SharedLookups<string>(20);
  await expect(lookups.join("a", untilFired, never)).rejects.toMatchObject({ code: "SOURCE_UNREACHABLE" });
  await expect(lookups.join("a", async () => "again", never)).resolves.toBe("again");
});

test("a signal that fired before starts nothing", async () => {
  let started = false;
  const work = async (): Promise<string> => {
    started = true;
    return "";
  };
  await expect(new SharedLookups<string>(1_000).join("a", work, AbortSignal.abort())).rejects.toMatchObject({
    code: "ABORTED",
  });
  expect(started).toBe(false);
});

test("a failure that nobody waits for any more does not end the process", async () => {
  const lookups = new SharedLookups<string>(1_000);
  const stop = new AbortController();
  let fail: ((error: Error) => void) | undefined;
  const work = (): Promise<string> =>
    new Promise((_resolve, reject) => {
      fail = reject;
    });
  const waiting = lookups.join("a", work, stop.signal);
  stop.abort();
  await expect(waiting).rejects.toMatchObject({ code: "ABORTED" });
  fail?.(new Error("late"));
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
});
