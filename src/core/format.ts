const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"];

/** `4:55` or `1:02:03`. */
export function formatDuration(durationMs: number): string {
  const seconds = Math.max(0, Math.round(durationMs / 1000));
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const rest = two(seconds % 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${rest}` : `${minutes}:${rest}`;
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}

/** `7.3 GiB`, in German `7,3 GiB`; whole bytes below one KiB. */
export function formatBytes(bytes: number, locale = "en"): string {
  // What rounds to 1024 is 1 of the next unit.
  const fitting = UNITS.findIndex((_unit, index) => bytes < 1023.5 * 1024 ** index);
  const power = fitting < 0 ? UNITS.length - 1 : fitting;
  const value = bytes / 1024 ** power;
  const maximumFractionDigits = power === 0 || value >= 100 ? 0 : 1;
  return `${value.toLocaleString(locale, { maximumFractionDigits, useGrouping: false })} ${UNITS[power]}`;
}

/** `1 track`, `3 tracks`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** Thousands set apart by a narrow space: `1 284`. */
export function formatCount(count: number): string {
  return String(count).replaceAll(/\B(?=(\d{3})+$)/gu, "\u202F");
}
