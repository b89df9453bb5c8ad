// Turns what a person fills in into the options of an interaction, refusing what the client would not let them send.
import { ApplicationCommandOptionType as OptionType } from "discord-api-types/v10";
import type { CommandOption, OptionValue } from "./command-book.ts";
import { charactersIn } from "./text.ts";

/** An option with its value, as INTERACTION_CREATE carries it. */
export interface FilledOption {
  readonly name: string;
  readonly type: OptionType;
  readonly value?: OptionValue;
  readonly focused?: boolean;
  readonly options?: readonly FilledOption[];
}

export interface Filling {
  /** Names of subcommand group and subcommand, outermost first. */
  readonly path: readonly string[];
  readonly values: Readonly<Record<string, OptionValue>>;
  /** The option being typed, for autocomplete: required options may still be missing. */
  readonly focused?: string;
}

/** @throws {Error} when Discord's client would not send it: unknown, missing, of the wrong type, out of range */
export function fillOptions(options: readonly CommandOption[], filling: Filling): FilledOption[] {
  const [next, ...path] = filling.path;
  if (next !== undefined) {
    const found = options.find(({ name, type }) => name === next && isGroup(type));
    if (!found) throw new Error(`There is no subcommand "${next}".`);
    return [
      { name: next, type: found.type, options: fillOptions(found.options ?? [], { ...filling, path }) },
    ];
  }
  for (const name of Object.keys(filling.values))
    if (!options.some((option) => option.name === name)) throw new Error(`There is no option "${name}".`);
  return options.flatMap((option) => fillOne(option, filling));
}

function isGroup(type: OptionType): boolean {
  return type === OptionType.Subcommand || type === OptionType.SubcommandGroup;
}

function fillOne(option: CommandOption, { values, focused }: Filling): FilledOption[] {
  if (isGroup(option.type)) throw new Error(`Choose a subcommand, for instance "${option.name}".`);
  const value = values[option.name];
  const isFocused = focused === option.name;
  if (value === undefined) {
    if (option.required && focused === undefined) throw new Error(`The option "${option.name}" is required.`);
    return [];
  }
  if (!isFocused) checkValue(option, value);
  return [{ name: option.name, type: option.type, value, ...(isFocused && { focused: true }) }];
}

function checkValue(option: CommandOption, value: OptionValue): void {
  const wrong = (why: string): Error =>
    new Error(`The option "${option.name}" cannot be ${JSON.stringify(value)}: ${why}.`);
  if (!hasType(option.type, value)) throw wrong(`it must be a ${OptionType[option.type]}`);
  if (typeof value === "object") return;
  if (option.choices?.length && !option.choices.some((choice) => choice.value === value))
    throw wrong(`choose one of ${option.choices.map((choice) => choice.value).join(", ")}`);
  const [low, high] = limits(option);
  const size = typeof value === "string" ? charactersIn(value) : Number(value);
  if (size < low || size > high) throw wrong(`it must be ${low} to ${high}`);
}

function limits({ type, min_length, max_length, min_value, max_value }: CommandOption): [number, number] {
  if (type === OptionType.String) return [min_length ?? 0, max_length ?? 6000];
  if (type === OptionType.Integer || type === OptionType.Number)
    return [min_value ?? -Infinity, max_value ?? Infinity];
  return [-Infinity, Infinity];
}

function hasType(type: OptionType, value: OptionValue): boolean {
  if (type === OptionType.Attachment) return typeof value === "object";
  if (type === OptionType.Boolean) return typeof value === "boolean";
  if (type === OptionType.Integer) return Number.isSafeInteger(value);
  if (type === OptionType.Number) return typeof value === "number";
  return typeof value === "string";
}
