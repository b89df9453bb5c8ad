import { describe, expect, it } from "vitest";
import { throwIfAborted, untilAborted } from "../../src/core/abort.ts";

describe("waiting until aborted", () => {
  it("gives what the work gives", async () => {
    const { signal } = new AbortController();
    await expect(untilAborted(Promise.resolve(7), signal)).resolves.toBe(7);
    await expect(untilAborted(Promise.reject(new RangeError("no")), signal)).rejects.toThrow(RangeError);
  });

  it("ends with the signal, and the work goes on", async () => {
    const controller = new AbortController();
    const work = Promise.withResolvers<string>();
    const waiting = untilAborted(work.promise, controller.signal);
    controller.abort(new Error("skip"));
    await expect(waiting).rejects.toMatchObject({ code: "ABORTED", cause: new Error("skip") });
    work.resolve("done");
    await expect(work.promise).resolves.toBe("done");
  });

  it("does not begin when the signal has fired, and leaves no failure unseen", async () => {
    const unseen: unknown[] = [];
    const note = (reason: unknown): void => void unseen.push(reason);
    process.on("unhandledRejection", note);
    const work = Promise.withResolvers<never>();
    await expect(untilAborted(work.promise, AbortSignal.abort())).rejects.toMatchObject({ code: "ABORTED" });
    work.reject(new Error("nobody listens"));
    await new Promise((resolve) => setImmediate(resolve));
    process.off("unhandledRejection", note);
    expect(unseen).toEqual([]);
  });

  it("leaves no listener behind", async () => {
    const { signal } = new AbortController();
    let listeners = 0;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    Object.assign(signal, {
      addEventListener: (...args: Parameters<typeof add>) => ((listeners += 1), add(...args)),
      removeEventListener: (...args: Parameters<typeof remove>) => ((listeners -= 1), remove(...args)),
    });
    await untilAborted(Promise.resolve(), signal);
    expect(listeners).toBe(0);
  });
});

it("throws only after the signal has fired", () => {
  expect(() => throwIfAborted(new AbortController().signal)).not.toThrow();
  expect(() => throwIfAborted(AbortSignal.abort())).toThrow(expect.objectContaining({ code: "ABORTED" }));
});
