import { AppError } from "../core/errors.ts";
import { phrase, type Template } from "../core/sentence.ts";
import type { Localized } from "../texts/texts.ts";
import type { Suggest } from "./suggestions.ts";

interface TextArg {
  readonly kind: "text";
  readonly description: Localized;
  readonly required: boolean;
  readonly maxLength: number;
  /** What the slash surface offers while somebody types. */
  readonly suggest?: Suggest;
}

interface WordArg {
  readonly kind: "word";
  readonly description: Localized;
  readonly required: false;
  readonly maxLength: number;
}

interface ChoiceArg<Choice extends string = string> {
  readonly kind: "choice";
  readonly description: Localized;
  readonly required: false;
  readonly choices: readonly Choice[];
}

interface IntegerArg {
  readonly kind: "integer";
  readonly description: Localized;
  readonly required: false;
  readonly min: number;
  readonly max: number;
}

interface FlagArg {
  readonly kind: "flag";
  readonly description: Localized;
  readonly required: false;
}

export type Arg = TextArg | WordArg | ChoiceArg | IntegerArg | FlagArg;
export type Args = Readonly<Record<string, Arg>>;

/** The decoded values: a required text is a string, optional ones may be `undefined`, a flag is a boolean. */
export type Values<A extends Args> = {
  readonly [Name in keyof A]: A[Name] extends FlagArg
    ? boolean
    : A[Name] extends IntegerArg
      ? number | undefined
      : A[Name] extends ChoiceArg<infer Choice>
        ? Choice | undefined
        : A[Name] extends { readonly required: true }
          ? string
          : string | undefined;
};

/** Values as a surface hands them over: already separated by name. */
export type RawValues = ReadonlyMap<string, string | number | boolean>;

const MAX_TEXT = 2_000;
const MAX_WORD = 100;

/** The rest of the line; at most one in a command. */
export function text(description: Localized, suggest?: Suggest): TextArg & { readonly required: true } {
  return { kind: "text", description, required: true, maxLength: MAX_TEXT, ...(suggest && { suggest }) };
}

/** Like {@link text}, but may be left out. */
export function optionalText(description: Localized): TextArg & { readonly required: false } {
  return { kind: "text", description, required: false, maxLength: MAX_WORD };
}

/** One word; on the prefix surface `name x`, `name:x` or `--name x`. */
export function word(description: Localized): WordArg {
  return { kind: "word", description, required: false, maxLength: MAX_WORD };
}

/** One of some names, in small letters; on the prefix surface `name x`, `name:x`, `--name x` or just `x`. */
export function choice<const Choice extends string>(
  description: Localized,
  choices: readonly Choice[],
): ChoiceArg<Choice> {
  return { kind: "choice", description, required: false, choices };
}

/** A whole number; on the prefix surface `name 5`, `name:5`, `--name 5` or just `5`. */
export function integer(
  description: Localized,
  range: { readonly min: number; readonly max: number },
): IntegerArg {
  return { kind: "integer", description, required: false, ...range };
}

/** Yes or no; on the prefix surface `--name`. */
export function flag(description: Localized): FlagArg {
  return { kind: "flag", description, required: false };
}

/**
 * Separates what follows a prefix command by name. Flags, words and numbers are taken out first, the text gets the rest:
 * in the order of declaration the text would swallow `--quiet`.
 */
export function splitLine(args: Args, line: string): RawValues {
  const raw = new Map<string, string | number | boolean>();
  let rest = line.trim();
  for (const [name, arg] of Object.entries(args)) {
    if (arg.kind === "text") continue;
    const pattern = arg.kind === "flag" ? flagPattern(name) : valuePattern(name);
    const match = pattern.exec(rest);
    if (!match) continue;
    raw.set(name, arg.kind === "flag" ? true : (match.groups?.["value"] ?? ""));
    const [before, after] = [rest.slice(0, match.index), rest.slice(match.index + match[0].length)];
    rest = `${before.trimEnd()} ${after.trimStart()}`.trim();
  }
  const free = Object.entries(args).find(([name, arg]) => arg.kind !== "flag" && !raw.has(name));
  if (free && rest !== "") raw.set(free[0], rest);
  return raw;
}

function flagPattern(name: string): RegExp {
  return new RegExp(String.raw`(?<=^|\s)--${name}(?=\s|$)`, "u");
}

function valuePattern(name: string): RegExp {
  return new RegExp(String.raw`(?<=^|\s)(?:--)?${name}[\s:=]\s*(?<value>\S+)`, "u");
}

/** Checks and types the values. @throws {AppError} `MISSING_ARGUMENT`, `BAD_ARGUMENT` */
export function decode<A extends Args>(args: A, raw: RawValues, usage: Template): Values<A> {
  const values = Object.entries(args).map(([name, arg]) => [
    name,
    decodeOne(name, arg, raw.get(name), usage),
  ]);
  return Object.fromEntries(values) as Values<A>;
}

function decodeOne(
  name: string,
  arg: Arg,
  given: string | number | boolean | undefined,
  usage: Template,
): string | number | boolean | undefined {
  if (arg.kind === "flag") return given === true;
  const value = String(given ?? "").trim();
  if (value === "") {
    if (arg.required) throw new AppError("MISSING_ARGUMENT", { name, usage });
    return undefined;
  }
  if (arg.kind === "integer") return decodeInteger(name, arg, value, usage);
  if (arg.kind === "choice") return decodeChoice(name, arg, value, usage);
  return decodeText(name, arg, value, usage);
}

function decodeChoice(name: string, { choices }: ChoiceArg, value: string, usage: Template): string {
  const chosen = value.toLowerCase();
  if (choices.includes(chosen)) return chosen;
  throw new AppError("BAD_ARGUMENT", {
    name,
    expected: phrase("ONE_OF", { names: choices.slice(0, -1).join(", "), last: choices.at(-1) }),
    usage,
  });
}

function decodeText(name: string, arg: TextArg | WordArg, value: string, usage: Template): string {
  if (value.length <= arg.maxLength) return value;
  throw new AppError("BAD_ARGUMENT", {
    name,
    expected: phrase("CHARACTERS", { most: arg.maxLength }),
    usage,
  });
}

function decodeInteger(name: string, arg: IntegerArg, value: string, usage: Template): number {
  const number = /^\d{1,9}$/u.test(value) ? Number(value) : Number.NaN;
  if (number >= arg.min && number <= arg.max) return number;
  throw new AppError("BAD_ARGUMENT", {
    name,
    expected: phrase("WHOLE_NUMBER", { min: arg.min, max: arg.max }),
    usage,
  });
}
