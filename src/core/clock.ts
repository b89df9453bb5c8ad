/** Time comes in from outside, so that policies can be tested without waiting. */
export interface Clock {
  /** Wall clock, milliseconds since the epoch: for what people read and what outlives the process. */
  nowMs(): number;
  /** Monotonic clock in milliseconds: for every interval. Does not jump when the system time is set. */
  monotonicMs(): number;
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};
