// Children are real here: what counts is what the system still runs afterwards.
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createProcessRunner } from "../../src/process/child-runner.ts";
import {
  javascript,
  NEVER,
  processesWith,
  removeFolder,
  temporaryFolder,
  until,
  writeScript,
} from "./children.ts";

// util-linux and coreutils; elsewhere the runner does without, and so do the tests of what they give.
const inForce = await createProcessRunner().limitsInForce();
const hasAll = Object.values(inForce).every((file) => file !== undefined);
const limits = { timeoutMs: 30_000 };
let folder: string;
let mark: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  mark = `mark-${randomUUID()}`;
});
afterEach(() => removeFolder(folder));

const unreadable = (): never => {
  throw new Error("cannot read this");
};

/** A child and its own child, both deaf to SIGTERM, with the mark on their command lines. */
const stubborn = (text: string): ReturnType<typeof javascript> =>
  javascript(`const deaf = 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000); //${text}';
    cp.spawn(process.execPath, ["-e", deaf + " inner"], { stdio: "inherit" });
    process.on("SIGTERM", () => {}); setInterval(() => {}, 1000); console.log("up"); //${text}`);

describe("starting", () => {
  const runner = createProcessRunner();

  it("gives the child exactly PATH, LANG and what was asked for", async () => {
    const own = createProcessRunner({ path: "/usr/bin:/bin" });
    const spec = { ...javascript("console.log(JSON.stringify(process.env))"), env: { HOME: folder }, limits };
    const { stdout } = await own.run(spec, NEVER);
    expect(JSON.parse(stdout)).toEqual({ PATH: "/usr/bin:/bin", LANG: "C.UTF-8", HOME: folder });
  });

  it("hands arguments over as they are, never to a shell", async () => {
    const args = ["$(touch x)", "; ls", "*", "", "a b", "--", "'\"", "line\nbreak"];
    const { stdout } = await runner.run(
      {
        command: process.execPath,
        args: ["-e", "console.log(JSON.stringify(process.argv.slice(1)))", "--", ...args],
        limits,
      },
      NEVER,
    );
    expect(JSON.parse(stdout)).toEqual(args);
  });

  it("finds a bare name on its PATH only", async () => {
    await writeScript(path.join(folder, "hello"), "#!/bin/sh\necho hello; pwd\n");
    const own = createProcessRunner({ path: `/usr/bin:/bin:${folder}` });
    expect(await own.run({ command: "hello", args: [], cwd: folder, limits }, NEVER)).toMatchObject({
      exitCode: 0,
      signal: null,
      stdout: `hello\n${folder}\n`,
      timedOut: false,
    });
    await expect(runner.run({ command: "hello", args: [], limits }, NEVER)).rejects.toMatchObject({
      code: "CHILD_FAILED",
      context: { reason: "ENOENT" },
    });
  });

  it("reports exit codes and signals as results, not as errors", async () => {
    expect(await runner.run({ ...javascript("process.exit(3)"), limits }, NEVER)).toMatchObject({
      exitCode: 3,
      signal: null,
    });
    const killed = javascript('process.kill(process.pid, "SIGKILL")');
    expect(await runner.run({ ...killed, limits }, NEVER)).toMatchObject({
      exitCode: null,
      signal: "SIGKILL",
    });
  });

  it("leaves the exit code 127 alone when the program itself chose it", async () => {
    const spec = { ...javascript('console.error("x: y: No such file or directory"); process.exit(127)') };
    expect(await runner.run({ ...spec, limits }, NEVER)).toMatchObject({ exitCode: 127 });
  });
});

describe("what cannot be started", () => {
  // Without wrapper programs on its PATH the runner starts the command directly.
  const runners = { wrapped: createProcessRunner(), bare: createProcessRunner({ path: "/nonexistent" }) };

  describe.each(Object.entries(runners))("%s", (_name, runner) => {
    const reasonOf = async (command: string): Promise<unknown> => {
      const error: unknown = await runner.run({ command, args: [], limits }, NEVER).catch((e: unknown) => e);
      expect(error).toMatchObject({ code: "CHILD_FAILED" });
      expect(runner.running()).toEqual([]);
      return (error as { context: { reason: unknown } }).context.reason;
    };

    it("is ENOENT for a missing program", async () => {
      expect(await reasonOf("no-such-program")).toBe("ENOENT");
      expect(await reasonOf(path.join(folder, "missing"))).toBe("ENOENT");
      expect(await reasonOf("../bin/sh")).toBe("ENOENT");
      expect(await reasonOf("")).toBe("ENOENT");
    });

    it("is EACCES for a file that is not executable and for a folder", async () => {
      expect(await reasonOf(await writeScript(path.join(folder, "plain"), "#!/bin/sh\n", 0o644))).toBe(
        "EACCES",
      );
      await mkdir(path.join(folder, "sub"));
      expect(await reasonOf(path.join(folder, "sub"))).toBe("EACCES");
    });

    it("is ENOENT for a script whose interpreter is missing", async () => {
      expect(await reasonOf(await writeScript(path.join(folder, "s"), "#!/nonexistent/python\n"))).toBe(
        "ENOENT",
      );
    });
  });

  it("is E2BIG for more arguments than the system takes", async () => {
    const args = ["x".repeat(4 * 1024 * 1024)];
    await expect(runners.wrapped.run({ command: "true", args, limits }, NEVER)).rejects.toMatchObject({
      code: "CHILD_FAILED",
      context: { reason: "E2BIG" },
    });
  });

  it.runIf(hasAll)("is EMFILE when no file descriptor is left, in a process that lives on", async () => {
    const parent = path.join(import.meta.dirname, "parent.ts");
    const argv = ["--nofile=64", process.execPath, parent, "short-of-files"];
    const { stdout } = await runners.wrapped.run({ command: "prlimit", args: argv, limits }, NEVER);
    expect(JSON.parse(stdout)).toEqual({ code: "CHILD_FAILED", reason: "EMFILE", afterwards: "hello\n" });
  });
});

describe("output", () => {
  const runner = createProcessRunner();

  it("keeps the end of 1 GB and no more", async () => {
    const code = `const b = Buffer.alloc(1 << 20, "x"); let n = 0;
      const go = () => { while (n++ < 1000) if (!process.stdout.write(b)) return process.stdout.once("drain", go);
        process.stdout.end("the end"); };
      go();`;
    const before = process.memoryUsage.rss();
    const { stdout, exitCode } = await runner.run({ ...javascript(code), limits }, NEVER);
    expect(exitCode).toBe(0);
    expect(stdout).toHaveLength(256 * 1024);
    expect(stdout.endsWith("xthe end")).toBe(true);
    expect(process.memoryUsage.rss() - before).toBeLessThan(300 * 2 ** 20);
  });

  it("caps each stream at the bytes asked for", async () => {
    const spec = javascript('process.stdout.write("abcdef"); process.stderr.write("123456")');
    const result = await runner.run({ ...spec, limits: { ...limits, outputBytes: 4 } }, NEVER);
    expect(result).toMatchObject({ stdout: "cdef", stderr: "3456" });
  });

  it("hands on lines as they arrive, whole characters, capped, the last one without a line end too", async () => {
    const lines: string[] = [];
    const code = `fs.writeSync(1, Buffer.from("gr\\u00fc\\u00df\\r\\n").subarray(0, 3));
      setTimeout(() => { fs.writeSync(1, Buffer.from("gr\\u00fc\\u00df\\r\\n").subarray(3));
        process.stdout.write("y".repeat(200000) + "\\n\\nlast"); }, 50);`;
    const { stdout } = await runner.run(
      { ...javascript(code), limits, onStdoutLine: (line) => lines.push(line) },
      NEVER,
    );
    expect(lines).toEqual(["grüß", "y".repeat(64 * 1024), "", "last"]);
    expect(stdout).toBe("");
  });

  it("ends the child when the reader of its lines throws", async () => {
    const code = `console.log("${mark}"); setInterval(() => {}, 1000)`;
    const run = runner.run({ ...javascript(code), limits, onStdoutLine: unreadable }, NEVER);
    await expect(run).rejects.toThrow("cannot read this");
    expect(await processesWith(mark)).toEqual([]);
  });

  it("does not lose the error of a reader that throws at the last line", async () => {
    const spec = { ...javascript('process.stdout.write("no line end")'), limits, onStdoutLine: unreadable };
    await expect(runner.run(spec, NEVER)).rejects.toThrow("cannot read this");
  });
});

describe("ending", () => {
  const runner = createProcessRunner({ graceMs: 100 });

  it("rejects with ABORTED only when a stubborn child and grandchild are gone", async () => {
    const controller = new AbortController();
    const run = runner.run({ ...stubborn(mark), limits }, controller.signal);
    await until(async () => (await processesWith(mark)).length === 2, "both run");
    expect(runner.running()).toHaveLength(1);
    controller.abort();
    await expect(run).rejects.toMatchObject({ code: "ABORTED" });
    expect(await processesWith(mark)).toEqual([]);
    expect(runner.running()).toEqual([]);
  });

  it("starts nothing when the signal has fired before", async () => {
    const file = path.join(folder, "touched");
    const run = runner.run({ command: "touch", args: [file], limits }, AbortSignal.abort());
    await expect(run).rejects.toMatchObject({ code: "ABORTED" });
    await expect(stat(file)).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("kills the whole group when the time is over, and says so", async () => {
    const result = await runner.run({ ...stubborn(mark), limits: { timeoutMs: 1_500 } }, NEVER);
    expect(result).toMatchObject({ exitCode: null, signal: "SIGKILL", timedOut: true, stdout: "up\n" });
    expect(await processesWith(mark)).toEqual([]);
  });

  it("lets a child that listens to SIGTERM end by itself", async () => {
    const patient = createProcessRunner({ graceMs: 20_000 });
    const code = `process.on("SIGTERM", () => { console.log("bye"); process.exit(7); });
      setInterval(() => {}, 1000); setTimeout(() => console.log("late"), 60000)`;
    const result = await patient.run({ ...javascript(code), limits: { timeoutMs: 1_000 } }, NEVER);
    expect(result).toMatchObject({ exitCode: 7, timedOut: true, stdout: "bye\n" });
  });

  it("kills what a finished child left running, though it holds the output open", async () => {
    const code = `cp.spawn(process.execPath, ["-e", "setInterval(() => {}, 1000); //${mark}"],
      { stdio: "inherit" }).unref(); console.log("done")`;
    const result = await runner.run({ ...javascript(code), limits }, NEVER);
    expect(result).toMatchObject({ exitCode: 0, stdout: "done\n" });
    expect(await processesWith(mark)).toEqual([]);
  });

  it.each(hasAll ? ["SIGKILL", "exit"] : ["exit"])(
    "leaves no child behind when its own process dies (%s)",
    async (way) => {
      const parent = path.join(import.meta.dirname, "parent.ts");
      const child = spawn(process.execPath, [parent, "long-child", mark, way], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      child.stdout.resume();
      const inner = `inner-${mark}`;
      await until(async () => (await processesWith(inner)).length === 1, "the child runs");
      child.kill(way === "exit" ? "SIGUSR2" : "SIGKILL");
      await until(() => child.exitCode !== null || child.signalCode !== null, "the parent is dead");
      await until(async () => (await processesWith(inner)).length === 0, "the child is gone");
      expect(await processesWith(mark)).toEqual([]);
    },
  );
});

describe.runIf(hasAll)("limits", () => {
  const runner = createProcessRunner();

  it("are in force on this system, and are said to be missing where their programs are", async () => {
    for (const [name, file] of Object.entries(inForce))
      expect(file).toMatch(new RegExp(`^/.*/${name}$`, "u"));
    const nothing = { nice: undefined, prlimit: undefined, setpriv: undefined };
    expect(await createProcessRunner({ path: folder }).limitsInForce()).toEqual(nothing);
    await writeScript(path.join(folder, "setpriv"), "#!/bin/sh\nexit 1\n");
    const fake = createProcessRunner({ path: `${folder}:/usr/bin:/bin` });
    expect((await fake.limitsInForce()).setpriv).toBeUndefined();
  });

  it("reach the child", async () => {
    const spec = { ...javascript('console.log(fs.readFileSync("/proc/self/limits", "utf8"))') };
    const { stdout } = await runner.run(
      {
        ...spec,
        limits: { ...limits, cpuSeconds: 77, fileBytes: 12_345, memoryBytes: 2 ** 40, niceness: 5 },
      },
      NEVER,
    );
    expect(stdout).toMatch(/Max cpu time +77 +77 /u);
    expect(stdout).toMatch(/Max file size +12345 +12345 /u);
    expect(stdout).toMatch(/Max address space +1099511627776 +1099511627776 /u);
    expect(stdout).toMatch(/Max open files +256 +256 /u);
    expect(stdout).toMatch(/Max nice priority/u);
    const priority = javascript("console.log(os.getPriority())");
    const nice = await runner.run({ ...priority, limits: { ...limits, niceness: 5 } }, NEVER);
    expect(nice.stdout).toBe("5\n");
  });

  it("stop a child that writes too large a file or computes too long", async () => {
    const file = path.join(folder, "big");
    const write = { command: "dd", args: ["if=/dev/zero", `of=${file}`, "bs=1000", "count=100"] };
    const wrote = await runner.run({ ...write, limits: { ...limits, fileBytes: 5_000 } }, NEVER);
    expect(wrote.signal).toBe("SIGXFSZ");
    expect((await readFile(file)).length).toBe(5_000);
    const spin = { command: "sh", args: ["-c", "while :; do :; done"] };
    const spun = await runner.run({ ...spin, limits: { ...limits, cpuSeconds: 1 } }, NEVER);
    expect(spun).toMatchObject({ exitCode: null, signal: "SIGKILL", timedOut: false });
  });
});
