import { readdir } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { networkName, probeFileSystem } from "../../src/app/file-system.ts";
import { createMachine } from "./machine.ts";

test("a local folder is writable, tells case apart, has free space, and is left as it was", async () => {
  const { searchPath } = await createMachine();
  const before = await readdir(searchPath);
  const facts = await probeFileSystem(searchPath);
  expect(facts).toMatchObject({ writable: true, network: undefined });
  expect(facts.freeBytes).toBeGreaterThan(0);
  expect(await readdir(searchPath)).toEqual(before);
});

test.runIf(process.platform === "linux")("a folder that takes no files is not writable", async () => {
  await expect(probeFileSystem("/proc/self")).resolves.toMatchObject({ writable: false });
});

test("a folder that is not there is an error", async () => {
  const { root } = await createMachine();
  await expect(probeFileSystem(path.join(root, "none"))).rejects.toMatchObject({ code: "ENOENT" });
});

test.runIf(process.platform === "linux").each([
  [0x6969, "NFS"],
  [0xff534d42, "SMB"],
  [0xff534d42 | 0, "SMB"],
  [0xef53, undefined],
])("file system type %i is %s", (type, name) => {
  expect(networkName(type)).toBe(name);
});
