/** What counts when somebody adds songs to a queue. */
export interface QueueAsked {
  /** Songs that wait already. */
  readonly waiting: number;
  /** Those of them that this person asked for. */
  readonly theirs: () => number;
  /** Most songs that may wait. */
  readonly queueCap: number;
  /** Most songs of one person that may wait; 0 = as many as may wait at all. */
  readonly personCap: number;
}

/** How many more may wait, and which limit that comes from. */
export interface QueueRoom {
  readonly count: number;
  readonly full: { readonly code: "QUEUE_FULL" | "PERSON_QUEUE_FULL"; readonly cap: number };
}

/** How many songs a person may add to a queue. */
export function queueRoom({ waiting, theirs, queueCap, personCap }: QueueAsked): QueueRoom {
  const forAll = { count: queueCap - waiting, full: { code: "QUEUE_FULL", cap: queueCap } } as const;
  const forOne = {
    count: personCap === 0 ? Number.POSITIVE_INFINITY : personCap - theirs(),
    full: { code: "PERSON_QUEUE_FULL", cap: personCap },
  } as const;
  const { count, full } = forOne.count < forAll.count ? forOne : forAll;
  // A limit may have become smaller since.
  return { count: Math.max(0, count), full };
}
