import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { isProvablyDead, ownerId, sharesBoot } from "../../src/process/identity.ts";

describe.runIf(process.platform === "linux")("the identity of a process", () => {
  test("is the same as long as it lives, and no other process has it", () => {
    expect(ownerId()).toBe(ownerId());
    expect(ownerId()).not.toBe(ownerId(process.ppid));
    expect(isProvablyDead(ownerId())).toBe(false);
    expect(sharesBoot(ownerId())).toBe(true);
  });

  test("is provably dead once the process is gone, zombie or not", async () => {
    const child = spawn("sleep", ["60"], { stdio: "ignore" });
    const owner = ownerId(child.pid);
    expect(isProvablyDead(owner)).toBe(false);
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(isProvablyDead(owner)).toBe(true);
  });

  test("tells a pid that was used again by its start time", () => {
    const [boot, namespace, pid] = ownerId().split("/");
    expect(isProvablyDead(`${boot}/${namespace}/${pid}/1`)).toBe(true);
  });

  test("proves nothing about another start, another namespace or nonsense", () => {
    const [boot, namespace, , started] = ownerId().split("/");
    const gone = 2 ** 22 + 1;
    expect(isProvablyDead(`another-boot/${namespace}/${gone}/${started}`)).toBe(false);
    expect(isProvablyDead(`${boot}/pid:[1]/${gone}/${started}`)).toBe(false);
    expect(isProvablyDead("")).toBe(false);
    expect(sharesBoot("another-boot/x/1/1")).toBe(false);
  });
});
