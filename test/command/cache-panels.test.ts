import { describe, expect, it } from "vitest";
import { donePanel } from "../../src/command/cache-panels.ts";
import type { RunReport } from "../../src/maintenance/apply.ts";
import { en } from "../../src/texts/en/index.ts";

const KIB = 1024;
const report: RunReport = {
  kind: "cleanup",
  removedFiles: 115,
  removedBytes: 20 * KIB,
  inUse: 0,
  failed: 0,
  before: { files: 200, bytes: 75 * KIB },
};

describe("what a run did", () => {
  it("is told in numbers", () => {
    expect(donePanel("Clean-up done", report, { id: "42" }, en)).toEqual({
      tone: "done",
      title: "Clean-up done",
      lines: ["Deleted **115 files**, **20 KiB** freed · 75 KiB → 55 KiB"],
      footer: "started by <@42>",
    });
  });

  it("names what stayed because it is in use, and whether it goes later", () => {
    expect(donePanel("", { ...report, inUse: 1 }, { id: "42" }, en).lines[1]).toBe("1 track in use stayed");
    expect(donePanel("", { ...report, kind: "clear", inUse: 2 }, { id: "42" }, en).lines[1]).toBe(
      "2 tracks playing now: deleted when they end",
    );
  });

  it("warns of what could not be deleted", () => {
    const panel = donePanel("", { ...report, failed: 1 }, { id: "42" }, en);
    expect(panel.tone).toBe("warning");
    expect(panel.lines[1]).toBe("1 file could not be deleted; the log says why.");
  });
});
