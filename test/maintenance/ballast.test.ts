import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { ballastFile, dropBallastIfFull, layBallast } from "../../src/maintenance/ballast.ts";

const MIB = 1024 * 1024;

it("is laid where there is room, once, and dropped only from a full disk", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "encore-ballast-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = ballastFile(folder);
  expect(await layBallast(file, 20 * MIB)).toBe("no room");
  expect(await layBallast(file, 100 * MIB)).toBe("laid");
  expect(await layBallast(file, 100 * MIB)).toBe("there");
  const { size, blocks } = await stat(file);
  expect([size, blocks * 512]).toEqual([8 * MIB, expect.closeTo(8 * MIB, -5)]);
  expect(await dropBallastIfFull(file, 100 * MIB)).toBe(false);
  expect(await dropBallastIfFull(file, MIB)).toBe(true);
  expect(await readdir(folder)).toEqual([]);
  expect(await dropBallastIfFull(file, MIB)).toBe(false);
});

it("does without where it may not write", async () => {
  expect(await layBallast("/nonexistent/ballast", 100 * MIB)).toBe("no room");
});
