/** The arguments that commands can have. */
import type { Localized, Texts } from "../texts/texts.ts";
import type { Suggest } from "./suggestions.ts";

interface Described {
  readonly description: Localized;
  /** Only by its name: typed alone, a value could be another argument's. */
  readonly isNamed?: true;
}

export interface TextArg extends Described {
  readonly kind: "text";
  readonly required: boolean;
  readonly maxLength: number;
  /** What the slash surface offers while somebody types. */
  readonly suggest?: Suggest;
}

export interface WordArg extends Described {
  readonly kind: "word";
  readonly required: boolean;
  readonly maxLength: number;
}

export interface IntegerArg extends Described {
  readonly kind: "integer";
  readonly required: boolean;
  readonly min: number;
  readonly max: number;
}

export interface DurationArg extends Described {
  readonly kind: "duration";
  readonly required: boolean;
  readonly maxMs: number;
}

export interface ChoiceArg<Choice extends string = string> extends Described {
  readonly kind: "choice";
  readonly required: boolean;
  readonly choices: readonly Choice[];
  /** How the slash surface shows them; by default as they are. */
  readonly labels?: (texts: Texts) => Readonly<Record<string, string>>;
}

/** Somebody or something in the guild, by its ID. */
export interface ThingArg extends Described {
  readonly kind: Thing;
  readonly required: boolean;
}

export type Thing = "user" | "role" | "text channel" | "voice channel";

export interface FileArg extends Described {
  readonly kind: "file";
  readonly required: boolean;
}

export interface FlagArg extends Described {
  readonly kind: "flag";
  readonly required: false;
}

export type Arg = TextArg | WordArg | IntegerArg | DurationArg | ChoiceArg | ThingArg | FileArg | FlagArg;
export type Args = Readonly<Record<string, Arg>>;

/** A file that came with a request, as Discord tells of it. */
export interface AttachedFile {
  readonly name: string;
  readonly url: string;
  readonly bytes: number;
  readonly contentType: string | undefined;
}

type ValueOf<A> =
  A extends ChoiceArg<infer T>
    ? T
    : A extends IntegerArg | DurationArg
      ? number
      : A extends FileArg
        ? AttachedFile
        : string;

/** The decoded values: what is required is there, the rest may be `undefined`, a flag is a boolean, a duration in ms. */
export type Values<A extends Args> = {
  readonly [Name in keyof A]: A[Name] extends FlagArg
    ? boolean
    : A[Name] extends { readonly required: true }
      ? ValueOf<A[Name]>
      : ValueOf<A[Name]> | undefined;
};

export type RawValue = string | number | boolean | AttachedFile;

/** Values as a surface hands them over: already separated by name. */
export type RawValues = ReadonlyMap<string, RawValue>;

/** Under this name stands what belongs to no argument. */
export const SURPLUS = "";

const MAX_TEXT = 2_000;
const MAX_WORD = 100;
const MAX_DURATION_MS = 24 * 3_600_000;

/** The rest of the line; at most one in a command. */
export function text(description: Localized, suggest?: Suggest): TextArg & { readonly required: true } {
  return { kind: "text", description, required: true, maxLength: MAX_TEXT, ...(suggest && { suggest }) };
}

/** A few words that may be left out; at most one in a command. */
export function optionalText(
  description: Localized,
  suggest?: Suggest,
): TextArg & { readonly required: false } {
  return { kind: "text", description, required: false, maxLength: MAX_WORD, ...(suggest && { suggest }) };
}

/** Like {@link text}, but may be left out. */
export function optionalLongText(
  description: Localized,
  suggest?: Suggest,
): TextArg & { readonly required: false } {
  return { ...text(description, suggest), required: false };
}

/** Whether arguments that are typed need dashes before their names, or words of a song's title would be taken for them. */
export function needsDashes(args: Args): boolean {
  return Object.values(args).some((arg) => arg.kind === "text" && arg.maxLength > MAX_WORD);
}

/** One word; on the prefix surface `name x`, `name:x`, `--name x` or just `x`. */
export function word(description: Localized): WordArg & { readonly required: false } {
  return { kind: "word", description, required: false, maxLength: MAX_WORD };
}

/** Like {@link word}, and as long as links may be. */
export function longWord(description: Localized): WordArg & { readonly required: false } {
  return { ...word(description), maxLength: MAX_TEXT };
}

/** A whole number; on the prefix surface `name 5`, `name:5`, `--name 5` or just `5`. */
export function integer(
  description: Localized,
  range: { readonly min: number; readonly max: number },
): IntegerArg & { readonly required: false } {
  return { kind: "integer", description, required: false, min: range.min, max: range.max };
}

/** A length of time, or a position: `1:30`, `90` (seconds) or `1m30s`. */
export function duration(
  description: Localized,
  maxMs = MAX_DURATION_MS,
): DurationArg & { readonly required: false } {
  return { kind: "duration", description, required: false, maxMs };
}

/** One of some names, in small letters; on the prefix surface `name x`, `name:x`, `--name x` or just `x`. */
export function choice<const Choice extends string>(
  description: Localized,
  choices: readonly Choice[],
  labels?: (texts: Texts) => Readonly<Record<Choice, string>>,
): ChoiceArg<Choice> & { readonly required: false } {
  return { kind: "choice", description, required: false, choices, ...(labels && { labels }) };
}

/** A person, a role or a channel; on the prefix surface a mention, an ID or, by its argument's name, its name. */
export function thing(kind: Thing, description: Localized): ThingArg & { readonly required: false } {
  return { kind, description, required: false };
}

/** A file; on the prefix surface one that hangs on the message. */
export function file(description: Localized): FileArg & { readonly required: false } {
  return { kind: "file", description, required: false };
}

/** Yes or no; on the prefix surface `--name`. */
export function flag(description: Localized): FlagArg {
  return { kind: "flag", description, required: false };
}

/** Makes an argument one that must be given. */
export function required<A extends Exclude<Arg, FlagArg>>(
  arg: A,
): Omit<A, "required"> & { readonly required: true } {
  return { ...arg, required: true };
}

/** Makes an argument one that counts by its name alone: `?settings stay on`. */
export function named<A extends Arg>(arg: A): A & { readonly isNamed: true } {
  return { ...arg, isNamed: true };
}

/** `<query>`, `[--loud]`, `[page {NUMBER}]`; its gaps are phrases. */
export function usageOfArg(name: string, arg: Arg, withDashes: boolean): string {
  if (arg.kind === "flag") return `[--${name}]`;
  if (arg.required) return `<${name}>`;
  const before = withDashes ? `--${name}` : name;
  if (arg.kind === "choice")
    return withDashes ? `[${before} ${arg.choices.join("|")}]` : `[${arg.choices.join("|")}]`;
  const shape = SHAPES[arg.kind];
  return shape === undefined ? `[${name}]` : `[${before} ${shape}]`;
}

const SHAPES: Readonly<Partial<Record<Arg["kind"], string>>> = {
  word: "{NAME}",
  integer: "{NUMBER}",
  duration: "1:30",
  user: "@{NAME}",
  role: "@{NAME}",
  "text channel": "#{NAME}",
  "voice channel": "#{NAME}",
};
