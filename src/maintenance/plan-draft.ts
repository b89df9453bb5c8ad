// A plan while it is made: sums, examples and a fingerprint instead of a list of files.
import { createHash } from "node:crypto";
import type { ProfileId } from "../core/audio-profile.ts";
import { lastUsedAtMs } from "../policy/retention.ts";
import type { InventoryItem } from "./inventory.ts";
import type { Judgement, PlannedRemoval } from "./judgement.ts";
import { type Count, sumOf, type Tally, TaskRecord } from "./record.ts";

/** Files of one fate, together and by reason. */
export interface Tallied extends Count {
  readonly tallies: readonly Tally[];
}

/** What every plan says. */
export interface Planned {
  /** Later than everything that was met: what is newer came after the plan. */
  readonly asOfMs: number;
  readonly removals: Tallied;
  /** The first of the removals, 500 at most. */
  readonly examples: readonly PlannedRemoval[];
  /** The same for the same removals. */
  readonly digest: string;
  /** Files that would have had to go but stay. */
  readonly kept: Tallied;
  /** All files before the run. */
  readonly before: { readonly files: number; readonly bytes: number };
  /** Profiles with a file. */
  readonly profiles: readonly ProfileId[];
}

const EXAMPLES = 500;

/** Takes in what is met, and what becomes of it. */
export class PlanDraft {
  readonly #record = new TaskRecord([]);
  readonly #hash = createHash("sha256");
  readonly #examples: PlannedRemoval[] = [];
  readonly #profiles = new Set<ProfileId>();
  #asOfMs: number;
  #files = 0;
  #bytes = 0;

  constructor(nowMs: number) {
    this.#asOfMs = nowMs;
  }

  /** Bytes of all files so far. */
  get bytes(): number {
    return this.#bytes;
  }

  meet(item: InventoryItem): void {
    this.#files += 1;
    this.#bytes += item.bytes;
    this.#profiles.add(item.profileId);
    this.#asOfMs = Math.max(this.#asOfMs, lastUsedAtMs(item) + 1);
  }

  add({ verdict, item, reason }: Judgement): void {
    const step = { subject: item.ref, reason, bytes: item.bytes };
    if (verdict === "kept") return this.#record.report({ action: "kept", ...step });
    this.#record.step({ action: "removed", ...step });
    this.#hash.update(`${reason}\t${item.ref}\n`);
    if (this.#examples.length < EXAMPLES) this.#examples.push({ ...item, reason });
  }

  plan(): Planned {
    const { done, seen } = this.#record;
    return {
      asOfMs: this.#asOfMs,
      removals: { ...sumOf(done, "removed"), tallies: done },
      examples: this.#examples,
      digest: this.#hash.copy().digest("hex"),
      kept: { ...sumOf(seen, "kept"), tallies: seen },
      before: { files: this.#files, bytes: this.#bytes },
      profiles: [...this.#profiles].toSorted(),
    };
  }
}
