/** All benchmarks, in the order of the report. */
import type { Benchmark } from "../kit/result.ts";
import { cpu } from "./cpu.ts";
import { firstSound } from "./first-sound.ts";
import { gap } from "./gap.ts";
import { indexRows } from "./index-rows.ts";
import { normalize } from "./normalize.ts";
import { reading } from "./reading.ts";
import { scale } from "./scale.ts";
import { seek } from "./seek.ts";

export const BENCHMARKS: readonly Benchmark[] = [
  firstSound,
  gap,
  seek,
  reading,
  cpu,
  scale,
  normalize,
  indexRows,
];
