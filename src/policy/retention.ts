const DAY_MS = 24 * 60 * 60 * 1000;

/** True when a file was not played for longer than the retention; one never played counts from when it was made. */
export function isExpired(
  entry: { readonly lastPlayedAtMs: number | null; readonly createdAtMs: number },
  rule: { readonly retentionDays: number; readonly nowMs: number },
): boolean {
  return rule.nowMs - (entry.lastPlayedAtMs ?? entry.createdAtMs) > rule.retentionDays * DAY_MS;
}
