/** How each kind of setting is written: text in, value out, `undefined` when it cannot be read. */
import { isIP } from "node:net";

const SIZE_UNITS: Readonly<Record<string, number>> = {
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
};

const DURATION_UNITS_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

const TRUE_WORDS = new Set(["true", "yes", "on", "1"]);
const FALSE_WORDS = new Set(["false", "no", "off", "0"]);

/** `512MB`, `8 GiB`, `1.5TB` in bytes. The unit is required: a bare `8` would silently mean eight bytes. */
export function parseSizeBytes(text: string): number | undefined {
  const found = /^(\d{1,9}(?:\.\d{1,3})?) ?([kmgt]?i?b)$/iu.exec(text);
  const unit = SIZE_UNITS[found?.[2]?.toLowerCase() ?? ""];
  return unit === undefined ? undefined : Math.floor(Number(found?.[1]) * unit);
}

/** `3h`, `90m`, `1h30m`, `2d` in milliseconds. The unit is required. */
export function parseDurationMs(text: string): number | undefined {
  if (!/^(?:\d{1,9}(?:ms|[smhd])){1,5}$/u.test(text)) return undefined;
  let totalMs = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+)(ms|[smhd])/gu)) {
    totalMs += Number(amount) * (DURATION_UNITS_MS[unit ?? ""] ?? 0);
  }
  return totalMs;
}

/** The usual words for yes and no, in any case. */
export function parseBoolean(text: string): boolean | undefined {
  const word = text.toLowerCase();
  if (TRUE_WORDS.has(word)) return true;
  return FALSE_WORDS.has(word) ? false : undefined;
}

/** A decimal number between two limits, both allowed. */
export function parseNumber(text: string, lowest: number, highest: number): number | undefined {
  if (!/^-?\d{1,9}(?:\.\d{1,6})?$/u.test(text)) return undefined;
  const value = Number(text);
  return value >= lowest && value <= highest ? value : undefined;
}

/** Items between commas or blanks, each once, in order; `undefined` when one of them is refused. */
export function parseList(text: string, accept: (item: string) => boolean): readonly string[] | undefined {
  const items = text.split(/[\s,]+/u).filter((item) => item !== "");
  return items.every(accept) ? Object.freeze([...new Set(items)]) : undefined;
}

/** An absolute http or https address, without a trailing slash. */
export function parseHttpUrl(text: string): string | undefined {
  const url = URL.parse(text);
  return url && /^https?:$/u.test(url.protocol) ? text.replace(/\/$/u, "") : undefined;
}

/** `host`, `host:port`, `10.0.0.5`, `[fd00::1]:8096`; a bare IPv6 address is allowed too. */
export function isHostName(text: string): boolean {
  if (isIP(text) !== 0) return true;
  const found = /^(\[[0-9a-f:.]{2,45}\]|[a-z0-9_.-]{1,253})(?::(\d{1,5}))?$/iu.exec(text);
  return found !== null && Number(found[2] ?? 1) >= 1 && Number(found[2] ?? 1) <= 65_535;
}
