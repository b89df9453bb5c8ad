import { expect, test } from "vitest";
import { runTool } from "../../scripts/run-tool.cjs";

const run = (code: string, timeoutMs = 20_000): ReturnType<typeof runTool> =>
  runTool(process.execPath, ["-e", code], { timeoutMs });

test("both outputs and the exit code come back", async () => {
  await expect(run("console.log('out'); console.error('err'); process.exitCode = 3")).resolves.toEqual({
    exitCode: 3,
    output: expect.stringMatching(/out\n.*err\n|err\n.*out\n/su),
  });
});

test("a program that is not there, that is killed or takes too long has failed", async () => {
  await expect(runTool("no-such-program", [])).resolves.toMatchObject({ exitCode: 127 });
  await expect(run("process.kill(process.pid, 'SIGKILL')")).resolves.toMatchObject({ exitCode: 1 });
  await expect(run("setInterval(() => {}, 1000)", 50)).resolves.toMatchObject({ exitCode: 1 });
});
