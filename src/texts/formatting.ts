/** Numbers and sizes as a language writes them. */
import { formatBytes } from "../core/format.ts";

/** Forms of a word by plural category; `other` is needed in every language. */
export type PluralForms = Readonly<Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }>;

/** What a catalogue formats its facts with. */
export interface Formatting {
  /** `1,284` or `1.284`. */
  readonly count: (value: number) => string;
  /** `1 song`, `1,284 songs`. */
  readonly plural: (value: number, forms: PluralForms) => string;
  /** `7.3 GiB`; whole bytes below one KiB. */
  readonly bytes: (value: number) => string;
  /** `5 minutes`. */
  readonly minutes: (value: number) => string;
}

/** @param locale BCP 47 tag */
export function formatting(locale: string): Formatting {
  const rules = new Intl.PluralRules(locale);
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const minutes = new Intl.NumberFormat(locale, { style: "unit", unit: "minute", unitDisplay: "long" });
  return {
    count: (value) => whole.format(value),
    plural: (value, forms) => `${whole.format(value)} ${forms[rules.select(value)] ?? forms.other}`,
    bytes: (value) => formatBytes(value, locale),
    minutes: (value) => minutes.format(value),
  };
}
