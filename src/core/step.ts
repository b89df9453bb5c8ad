/**
 * The steps of the miss path (M) and of a removal (E), by the names of the design. Each is told when it has been
 * done, so that tests can end the process just there.
 */
export type Step =
  | "M0 looked up"
  | "M2 lease held"
  | "M3 looked up again"
  | "M5 downloaded"
  | "M7 normalized"
  | "M8 accepted"
  | "M9 file synced"
  | "M10 published"
  | "M11 row written"
  | "M12 cleaned up"
  | "E1 row evicting"
  | "E2 unlinked"
  | "E3 folder synced"
  | "E4 row evicted";

/** Hears of each step. Nothing in the product listens; what it does must not change what happens. */
export type OnStep = (step: Step) => void;
