// Bytes through a child, both ways.
import { describe, expect, it } from "vitest";
import { createProcessRunner } from "../../src/process/child-runner.ts";
import type { ChildPipes } from "../../src/process/runner.ts";
import { javascript, NEVER, until } from "./children.ts";

const limits = { timeoutMs: 30_000 };
const runner = createProcessRunner({ graceMs: 100 });
const ECHO = javascript("process.stdin.pipe(process.stdout)");

const unusable = (): never => {
  throw new Error("cannot use them");
};

describe("a child with pipes", () => {
  it("gives back all bytes that it was given, also to who reads them after it has ended", async () => {
    const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * 7) % 256));
    const pipes = Promise.withResolvers<ChildPipes>();
    const ending = runner.run({ ...ECHO, limits, onPipes: (both) => pipes.resolve(both) }, NEVER);
    const { stdin, stdout } = await pipes.promise;
    stdin.end(bytes);
    const read: Buffer[] = [];
    for await (const chunk of stdout) {
      read.push(chunk as Buffer);
      expect(await ending).toMatchObject({ exitCode: 0, stdout: "", timedOut: false });
    }
    expect(Buffer.concat(read).equals(bytes)).toBe(true);
  });

  it("breaks its pipes and is gone when the signal fires", async () => {
    const stop = new AbortController();
    const pipes = Promise.withResolvers<ChildPipes>();
    const ending = runner.run({ ...ECHO, limits, onPipes: (both) => pipes.resolve(both) }, stop.signal);
    const { stdin, stdout } = await pipes.promise;
    stdin.write("begun");
    stop.abort();
    await expect(ending).rejects.toMatchObject({ code: "ABORTED" });
    expect([stdin.destroyed, stdout.destroyed]).toEqual([true, true]);
    expect(runner.running()).toEqual([]);
  });

  it("tells who writes that it has ended, and ends nothing else by it", async () => {
    const pipes = Promise.withResolvers<ChildPipes>();
    const gone = javascript("process.exit(3)");
    const ending = runner.run({ ...gone, limits, onPipes: (both) => pipes.resolve(both) }, NEVER);
    const { stdin } = await pipes.promise;
    const failure = new Promise((resolve) => {
      stdin.write(Buffer.alloc(2 ** 22), resolve);
    });
    expect(await ending).toMatchObject({ exitCode: 3 });
    expect(await failure).toBeInstanceOf(Error);
  });

  it("is ended when the one who is given its pipes throws", async () => {
    const onPipes = unusable;
    await expect(runner.run({ ...ECHO, limits, onPipes }, NEVER)).rejects.toThrow("cannot use them");
    await until(async () => runner.running().length === 0, "it is gone");
  });
});
