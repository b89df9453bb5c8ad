/** What arguments make of what was typed or chosen for them. */
import { AppError } from "../core/errors.ts";
import { formatDuration } from "../core/format.ts";
import { phrase, type Phrase, type Template } from "../core/sentence.ts";
import { parsePosition } from "../core/song-position.ts";
import {
  type Arg,
  type Args,
  type ChoiceArg,
  type DurationArg,
  type FileArg,
  type FlagArg,
  type IntegerArg,
  type RawValue,
  type RawValues,
  SURPLUS,
  type TextArg,
  type Thing,
  type ThingArg,
  type Values,
  type WordArg,
} from "./args.ts";
import { plain } from "./text.ts";

/** How one kind of argument is read. */
interface Reader<A> {
  /** Whether a word that came without a name is likely meant for it. */
  fits(value: string, arg: A): boolean;
  /** `undefined` = that is no value of it. */
  parse(value: string, arg: A): string | number | undefined;
  /** What its values are. */
  expected(arg: A): Phrase;
}

/** Of words that mean nothing, this much is repeated. */
const LONGEST_ECHO = 40;

type TypedArg = Exclude<Arg, FlagArg>;

const words: Reader<TextArg | WordArg> = {
  fits: () => true,
  parse: (value, { maxLength }) => (value.length <= maxLength ? value : undefined),
  expected: ({ maxLength }) => phrase("CHARACTERS", { most: maxLength }),
};

const integer: Reader<IntegerArg> = {
  fits: (value) => /^\d+$/u.test(value),
  parse: (value, { min, max }) => {
    const number = /^\d{1,9}$/u.test(value) ? Number(value) : Number.NaN;
    return number >= min && number <= max ? number : undefined;
  },
  expected: ({ min, max }) => phrase("WHOLE_NUMBER", { min, max }),
};

const duration: Reader<DurationArg> = {
  fits: (value) => parsePosition(value) !== undefined,
  parse: (value, { maxMs }) => {
    const durationMs = parsePosition(value) ?? Number.NaN;
    return durationMs <= maxMs ? durationMs : undefined;
  },
  expected: ({ maxMs }) => phrase("DURATION", { most: formatDuration(maxMs) }),
};

const choice: Reader<ChoiceArg> = {
  fits: (value, { choices }) => choices.includes(value.toLowerCase()),
  parse: (value, { choices }) => choices.find((one) => one === value.toLowerCase()),
  expected: ({ choices }) =>
    phrase("ONE_OF", { names: choices.slice(0, -1).join(", "), last: choices.at(-1) }),
};

const file: Reader<FileArg> = {
  fits: () => false,
  parse: () => undefined,
  expected: () => phrase("ATTACHED"),
};

/** @param mention with one group for what stands between the brackets, and one for a bare ID */
function mentioned(mention: RegExp, like: string): Reader<ThingArg> {
  return {
    fits: (value) => mention.test(value),
    parse: (value) => mention.exec(value)?.slice(1).find(Boolean),
    expected: () => phrase("MENTION", { like }),
  };
}

const channel = mentioned(/^(?:<#(\d{17,20})>|(\d{17,20}))$/u, "#channel");

const THINGS: Readonly<Record<Thing, Reader<ThingArg>>> = {
  user: mentioned(/^(?:<@!?(\d{17,20})>|(\d{17,20}))$/u, "@name"),
  role: mentioned(/^(?:<@&(\d{17,20})>|(\d{17,20}))$/u, "@role"),
  "text channel": channel,
  "voice channel": channel,
};

const READERS = { text: words, word: words, integer, duration, choice, file, ...THINGS };

function readerOf<A extends TypedArg>({ kind }: A): Reader<A> {
  // The table has for each kind the reader of just that kind.
  return READERS[kind] as unknown as Reader<A>;
}

/** Whether it stands for a person, a role or a channel. */
export function isThing(arg: Arg): arg is ThingArg {
  return Object.hasOwn(THINGS, arg.kind);
}

/** Whether a word that came without a name is likely meant for this argument. */
export function fits(arg: Arg, value: string): boolean {
  return arg.kind !== "flag" && readerOf(arg).fits(value, arg);
}

/** Checks and types the values. @throws {AppError} `MISSING_ARGUMENT`, `BAD_ARGUMENT`, `UNKNOWN_ARGUMENT` */
export function decode<A extends Args>(args: A, raw: RawValues, usage: Template): Values<A> {
  const surplus = raw.get(SURPLUS);
  if (typeof surplus === "string")
    throw new AppError("UNKNOWN_ARGUMENT", { text: plain(surplus, LONGEST_ECHO), usage });
  const values = Object.entries(args).map(([name, arg]) => [
    name,
    decodeOne(name, arg, raw.get(name), usage),
  ]);
  return Object.fromEntries(values) as Values<A>;
}

function decodeOne(
  name: string,
  arg: Arg,
  given: RawValue | undefined,
  usage: Template,
): RawValue | undefined {
  if (arg.kind === "flag") return given === true;
  if (typeof given === "object") return given;
  const typed = String(given ?? "").trim();
  if (typed === "") {
    if (arg.required) throw new AppError("MISSING_ARGUMENT", { name, usage });
    return undefined;
  }
  const reader = readerOf(arg);
  const value = reader.parse(typed, arg);
  if (value === undefined)
    throw new AppError("BAD_ARGUMENT", { name, expected: reader.expected(arg), usage });
  return value;
}
