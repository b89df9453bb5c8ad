import type { Clock } from "../../core/clock.ts";
import { PACKET_MS } from "../../core/opus-packets.ts";
import type { FrameSink } from "./frame-sink.ts";
import { Lane } from "./lane.ts";
import { type PaceCounts, PaceMeter } from "./pace-counts.ts";

/** The wheel's step: lanes whose frames fall into the same step are sent with one wake-up. */
const STEP_MS = 2;
const STEPS = PACKET_MS / STEP_MS;
/** Frames a lane sends at once after the process was held up, its newest included; older times are dropped. */
const MAX_FRAMES_AT_ONCE = 3;
/** Lanes that share a slot while there are few, because a wake-up costs as much as several frames. */
const SHARED_BY = 50;
/** By how much a slot may be fuller than the average when there are many. */
const UNEVENNESS = 4;

/**
 * Sends the frames of all guilds of the process, each 20 ms after the one before, on the monotonic clock.
 *
 * A wheel of {@link STEPS} slots turns once per frame. A lane keeps its slot for as long as it sends, so no lane
 * drifts, hundreds of lanes are spread over the frame, few lanes share a slot or two, and the process wakes up only
 * for slots in use, and not at all while nobody plays.
 */
export class Pacer {
  readonly #clock: Clock;
  readonly #meter = new PaceMeter();
  readonly #slots: readonly Set<Lane>[] = Array.from({ length: STEPS }, () => new Set<Lane>());
  #running = 0;
  /** The last step that was worked off. */
  #step = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** What was sent in the process so far, and when. */
  get counts(): PaceCounts {
    return this.#meter.counts;
  }

  /** A guild's place in the schedule; costs nothing while it does not play. */
  lane(sink: FrameSink): Lane {
    const lane: Lane = new Lane({
      sink,
      clock: this.#clock,
      meter: new PaceMeter(this.#meter),
      enter: () => this.#enter(lane),
    });
    return lane;
  }

  /** The lane has sent a frame now and wants to send on from here. */
  #enter(lane: Lane): void {
    if (this.#slotOf(lane.nextStep).delete(lane)) this.#running -= 1;
    const step = this.#stepAt(this.#clock.monotonicMs());
    if (this.#running === 0) this.#step = step;
    const next = this.#roomBefore(step + STEPS);
    lane.nextStep = next;
    this.#slotOf(next).add(lane);
    this.#running += 1;
    // Another lane's timer may be set for a later step than this one.
    this.#setTimer();
  }

  /**
   * Where a lane's second frame goes: into a slot in use if there is one with room, else into the one exactly a frame
   * after the first. It can come too early only, and once, which no listener's buffer minds.
   */
  #roomBefore(last: number): number {
    const room = Math.max(SHARED_BY, this.#running / STEPS + UNEVENNESS);
    const steps = Array.from({ length: STEPS }, (_none, index) => last - index);
    const roomy = steps.filter((step) => this.#slotOf(step).size < room);
    return roomy.find((step) => this.#slotOf(step).size > 0) ?? roomy[0] ?? last;
  }

  /** To the nearest step: timers fire up to a millisecond early, and then it is time already. */
  #stepAt(ms: number): number {
    return Math.round(ms / STEP_MS);
  }

  #slotOf(step: number): Set<Lane> {
    return this.#slots[step % STEPS]!;
  }

  #setTimer(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#running === 0) return;
    let next = this.#step + 1;
    while (this.#slotOf(next).size === 0) next += 1;
    const waitMs = next * STEP_MS - this.#clock.monotonicMs();
    this.#timer = setTimeout(() => this.#turn(), Math.max(0, waitMs));
  }

  /** Works off every step up to now, at most {@link MAX_FRAMES_AT_ONCE} rounds of the wheel. */
  #turn(): void {
    const now = this.#stepAt(this.#clock.monotonicMs());
    const first = Math.max(this.#step, now - MAX_FRAMES_AT_ONCE * STEPS) + 1;
    for (let step = first; step <= now; step += 1) {
      const slot = this.#slotOf(step);
      for (const lane of slot) this.#visit(lane, slot, { step, isCatchUp: step + STEPS <= now });
    }
    this.#step = now;
    this.#setTimer();
  }

  #visit(lane: Lane, slot: Set<Lane>, due: { readonly step: number; readonly isCatchUp: boolean }): void {
    const { step, isCatchUp } = due;
    if (lane.nextStep > step) return;
    const missed = (step - lane.nextStep) / STEPS;
    lane.nextStep = step + STEPS;
    if (lane.onDue({ dueMs: step * STEP_MS, missed, isCatchUp })) return;
    slot.delete(lane);
    this.#running -= 1;
  }
}
