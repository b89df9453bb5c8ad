/** Milliseconds of a day. */
export const DAY_MS = 24 * 60 * 60 * 1000;

/** When a file was played or made. */
export interface FileUse {
  readonly lastPlayedAtMs: number | null;
  readonly createdAtMs: number;
}

/** The last play; of a file made since (again, after it was evicted) the moment it was made. */
export function lastUsedAtMs(use: FileUse): number {
  return Math.max(use.lastPlayedAtMs ?? 0, use.createdAtMs);
}

/** True when a file was not played for longer than the retention; one never played counts from when it was made. */
export function isExpired(
  use: FileUse,
  rule: { readonly retentionDays: number; readonly nowMs: number },
): boolean {
  return rule.nowMs - lastUsedAtMs(use) > rule.retentionDays * DAY_MS;
}
