/** What a benchmark hands over: tables for people, checks against what is promised, everything else as raw numbers. */
import type { Lateness } from "./control-thread.ts";

export type Cell = string | number;

export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

/** One promise and how it came out. */
export interface Check {
  readonly claim: string;
  readonly measured: string;
  readonly passed: boolean;
}

/** Encore's, the others', or what nobody can be below. */
export type Whose = "ours" | "others" | "floor";

/** Lines over a shared axis, or bars. */
export type Plot =
  | {
      readonly kind: "bars";
      readonly title: string;
      readonly unit: string;
      readonly bars: readonly { readonly label: string; readonly value: number; readonly whose: Whose }[];
    }
  | {
      readonly kind: "lines";
      readonly title: string;
      readonly unit: string;
      readonly xTitle: string;
      readonly lines: readonly {
        readonly label: string;
        readonly whose: Whose;
        readonly points: readonly (readonly [x: number, y: number])[];
      }[];
    };

export interface Result {
  readonly tables: readonly Table[];
  readonly checks: readonly Check[];
  /** What has to be known to read the tables. */
  readonly notes: readonly string[];
  readonly plots?: readonly Plot[];
  readonly raw: unknown;
}

/** A result as it is printed and written. */
export interface Measured extends Result {
  readonly name: string;
  readonly elapsedMs: number;
  /** The machine's own lateness meanwhile. */
  readonly machineLateMs: Lateness;
}

export interface Settings {
  /** Few and short: to see that it works. */
  readonly isQuick: boolean;
  /** How often each is measured; each benchmark has its own default. */
  readonly runs: number | undefined;
  readonly say: (text: string) => void;
}

export interface Benchmark {
  readonly name: string;
  /** What it answers. */
  readonly question: string;
  run(settings: Settings): Promise<Result>;
}

/** A check that one number is at most another. */
export function atMost(claim: string, value: number, limit: number, unit = ""): Check {
  const measured = Number.isFinite(value) ? `${round(value)}${unit && ` ${unit}`}` : "not measured";
  return { claim: `${claim} ≤ ${limit}${unit && ` ${unit}`}`, measured, passed: value <= limit };
}

/** Three significant digits, as a number. */
export function round(value: number): number {
  return Number(value.toPrecision(3));
}
