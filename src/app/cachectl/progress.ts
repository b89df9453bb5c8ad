// How far a task is: a bar on a terminal, one line per tenth elsewhere.
import { formatBytes } from "../../core/format.ts";
import type { Progress, TaskListener } from "../../maintenance/record.ts";

export interface ProgressTarget {
  readonly isTerminal: boolean;
  readonly write: (text: string) => void;
  readonly monotonicMs: () => number;
}

const BAR_CELLS = 10;
const REDRAW_MS = 100;

/** Draws until `end` is called; a task of a single step draws nothing. */
export function drawProgress(label: string, target: ProgressTarget): TaskListener & { end(): void } {
  return target.isTerminal ? bar(label, target) : tenths(label, target);
}

function bar(label: string, { write, monotonicMs }: ProgressTarget): TaskListener & { end(): void } {
  let drawnAtMs = -Infinity;
  return {
    onProgress: (progress) => {
      const nowMs = monotonicMs();
      if (nowMs - drawnAtMs < REDRAW_MS) return;
      drawnAtMs = nowMs;
      const full = Math.round(shareOf(progress) * BAR_CELLS);
      write(`\r\u001b[K${label}  ${"▓".repeat(full)}${"░".repeat(BAR_CELLS - full)}  ${numbers(progress)}`);
    },
    end: () => {
      if (drawnAtMs > -Infinity) write("\r\u001b[K");
    },
  };
}

function tenths(label: string, { write }: ProgressTarget): TaskListener & { end(): void } {
  let told = 0;
  return {
    onProgress: (progress) => {
      const tenth = Math.floor(shareOf(progress) * 10);
      if (tenth <= told) return;
      told = tenth;
      write(`${label} ${tenth * 10} %  ${numbers(progress)}\n`);
    },
    end: () => undefined,
  };
}

function shareOf({ done, total }: Progress): number {
  return total === undefined || total === 0 ? 0 : Math.min(1, done / total);
}

function numbers({ done, total, bytes }: Progress): string {
  const count = total === undefined ? String(done) : `${done}/${total}`;
  return bytes > 0 ? `${count}  ${formatBytes(bytes)}` : count;
}
