import { expect, it } from "vitest";
import { drawProgress } from "../../src/app/cachectl/progress.ts";
import { renderTable } from "../../src/app/cachectl/table.ts";
import { FakeClock } from "../fakes/clock.ts";

const KIB = 1024;

function drawn(isTerminal: boolean, stepMs: number): string[] {
  const clock = new FakeClock();
  const written: string[] = [];
  const target = {
    isTerminal,
    write: (text: string) => void written.push(text),
    monotonicMs: () => clock.monotonicMs(),
  };
  const progress = drawProgress("Deleting", target);
  for (let done = 1; done <= 40; done += 1) {
    clock.advance(stepMs);
    progress.onProgress?.({ done, total: 40, bytes: done * KIB });
  }
  progress.end();
  return written;
}

it("draws a bar on a terminal, at most ten times a second, and wipes it at the end", () => {
  const written = drawn(true, 50);
  expect(written).toHaveLength(21);
  expect(written[10]).toBe("\r\u001b[KDeleting  ▓▓▓▓▓░░░░░  21/40  21 KiB");
  expect(written.at(-1)).toBe("\r\u001b[K");
});

it("writes one line per tenth elsewhere", () => {
  const written = drawn(false, 1);
  expect(written).toHaveLength(10);
  expect([written[0], written[9]]).toEqual([
    "Deleting 10 %  4/40  4 KiB\n",
    "Deleting 100 %  40/40  40 KiB\n",
  ]);
});

it("says nothing about a task without steps", () => {
  const written: string[] = [];
  const target = { isTerminal: true, write: (text: string) => void written.push(text), monotonicMs: () => 0 };
  drawProgress("Deleting", target).end();
  expect(written).toEqual([]);
});

it("lays tables out in columns, numbers to the right, and cuts what is too wide", () => {
  const rows = [
    ["removed", "old", "12", "1.5 GiB"],
    ["healed", "row without file", "3", "–"],
  ];
  expect(renderTable(rows, { right: [2, 3], width: 80 })).toEqual([
    "  removed  old               12  1.5 GiB",
    "  healed   row without file   3        –",
  ]);
  expect(renderTable(rows, { right: [2, 3], width: 20 })[1]).toBe("  healed   row with…");
  expect(renderTable([], { right: [], width: 80 })).toEqual([]);
});
