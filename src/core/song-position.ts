const CLOCK = /^(?:(\d{1,3}):)?(\d{1,4}):([0-5]\d)$/u;
const SECONDS = /^()()(\d{1,6})s?$/u;
const UNITS = /^(?=\d)(?:(\d{1,3})h)?(?:(\d{1,4})m)?(?:(\d{1,6})s)?$/u;

/** A position in a song, as people write it, in milliseconds: `1:23`, `1:02:03`, `83`, `83s`, `1m23s`; else `undefined`. */
export function parsePosition(text: string): number | undefined {
  const parts = CLOCK.exec(text) ?? SECONDS.exec(text) ?? UNITS.exec(text);
  if (!parts) return undefined;
  const [hours = 0, minutes = 0, seconds = 0] = parts.slice(1).map((part) => Number(part ?? 0));
  return (hours * 3_600 + minutes * 60 + seconds) * 1_000;
}
