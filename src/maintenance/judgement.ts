// What may become of a file, and why.
import type { InventoryItem } from "./inventory.ts";

export type RemovalReason =
  | "not played lately"
  | "over the limit"
  | "unfinished removal"
  | "stale profile"
  | "file without row"
  | "clear";
export type KeepReason = "playing" | "queued" | "pinned" | "just made" | "played since";

export interface PlannedRemoval extends InventoryItem {
  readonly reason: RemovalReason;
}

/** What becomes of a file that would have to go. */
export type Judgement =
  | { readonly verdict: "goes"; readonly item: InventoryItem; readonly reason: RemovalReason }
  | { readonly verdict: "kept"; readonly item: InventoryItem; readonly reason: KeepReason };
