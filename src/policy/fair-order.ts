/** Who takes turns, and with what. */
export interface FairQueue<T> {
  /** What waits already; its order stays as it is. */
  readonly waiting: readonly T[];
  /** What is added; the order within a person's stays. */
  readonly coming: readonly T[];
  /** What plays: its person has had the first round. */
  readonly current: T | undefined;
  readonly personOf: (item: T) => string;
}

/**
 * People take turns: everybody's first song comes before anybody's second one. What is added goes behind the last one
 * of its round, so that an order which somebody made by hand is kept. The time grows with the number of songs only.
 */
export function fairOrder<T>({ waiting, coming, current, personOf }: FairQueue<T>): T[] {
  const songsOf = new Map<string, number>();
  const roundOf = (item: T): number => {
    const round = (songsOf.get(personOf(item)) ?? 0) + 1;
    songsOf.set(personOf(item), round);
    return round;
  };
  if (current !== undefined) roundOf(current);
  const endOfRound = new Map<number, number>();
  for (const [index, item] of waiting.entries()) endOfRound.set(roundOf(item), index + 1);
  const added = [...Map.groupBy(coming, roundOf)].toSorted(([a], [b]) => a - b);
  const parts: (readonly T[])[] = [];
  let placed = 0;
  let round = 1;
  for (const [ofRound, items] of added) {
    const before = placed;
    for (; round <= ofRound; round += 1) placed = Math.max(placed, endOfRound.get(round) ?? 0);
    parts.push(waiting.slice(before, placed), items);
  }
  return [...parts.flat(), ...waiting.slice(placed)];
}
