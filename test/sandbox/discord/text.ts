// Counting text as Discord does.

/** Number of Unicode code points: Discord's limits count these, not UTF-16 units. */
export function charactersIn(text: string): number {
  return text.match(/[\s\S]/gu)?.length ?? 0;
}
