/** Medians and percentiles. */

/** Of numbers in ascending order, by nearest rank; 0 for none. */
export function percentile(sorted: ArrayLike<number>, percent: number): number {
  const index = Math.ceil((percent / 100) * sorted.length) - 1;
  return sorted[Math.max(0, index)] ?? 0;
}

/** NaN for none. */
export function median(values: readonly number[]): number {
  return quantile(values, 50);
}

/** NaN for none. */
export function quantile(values: readonly number[], percent: number): number {
  if (values.length === 0) return Number.NaN;
  const sorted = values.toSorted((a, b) => a - b);
  if (percent !== 50 || sorted.length % 2 === 1) return percentile(sorted, percent);
  return (sorted[sorted.length / 2 - 1]! + sorted[sorted.length / 2]!) / 2;
}
