import { fill, type Template, type Wording } from "../core/sentence.ts";
import type { Action } from "../policy/permission.ts";
import type { Localized } from "../texts/texts.ts";
import { type Args, type AttachedFile, needsDashes, usageOfArg, type Values } from "./args.ts";
import type { CommandContext } from "./context.ts";
import type { Group } from "./groups.ts";
import type { Precondition } from "./preconditions.ts";

/** What a command file says, once for all surfaces. */
export interface CommandDefinition<A extends Args> {
  readonly name: string;
  readonly group: Group;
  readonly description: Localized;
  /** Other names for the prefix surface. */
  readonly aliases?: readonly string[];
  readonly args: A;
  /** The right that running it needs. */
  readonly action: Action;
  /** Rights that some of it needs beyond that; it asks for them itself, by `requireRight`. */
  readonly further?: readonly Action[];
  /** Discord shows the slash command only to members with this permission, unless a guild changes that. */
  readonly shownTo?: "manage-guild" | "administrator";
  /** Whether an answer is for all or for the asker alone, where the surface can tell them apart. */
  readonly visibility: "public" | "private";
  readonly needs: readonly Precondition[];
  run(context: CommandContext, values: Values<A>): Promise<void>;
  /**
   * More that it does, each under a first word of its own; slash shows subcommands. `mainWord` stands for the command
   * itself there, typed commands need no word for it.
   */
  readonly mainWord?: string;
  readonly subcommands?: Readonly<Record<string, SubcommandDefinition<Args>>>;
  /** What its buttons, menus and forms do; the rights are those of the command. */
  readonly presses?: Readonly<Record<string, (context: CommandContext, press: Press) => Promise<void>>>;
  /** What it does with a message, found in the menu of each; with its rights and preconditions. */
  readonly onMessages?: readonly MessageAction[];
}

/** A button that was pressed, a choice that was made or a form that was sent. */
export interface Press {
  readonly payload: string;
  /** The value that was chosen of a menu; else empty. */
  readonly input: string;
  /** What was written into a form, by the names of its fields. */
  readonly fields: Readonly<Record<string, string>>;
}

/** One entry of the menu of a message. */
export interface MessageAction {
  /** As the menu shows it. */
  readonly name: Localized;
  run(context: CommandContext, message: GivenMessage): Promise<void>;
}

/** A message that something is to be done with. */
export interface GivenMessage {
  readonly text: string;
  readonly files: readonly AttachedFile[];
}

/** A command as the rest of the program sees it, whatever its arguments. */
export type Command = CommandDefinition<Args>;

/** Checks nothing at run time; it gives `run` the types of the arguments. The contract test checks the rest. */
export function defineCommand<const A extends Args>(definition: CommandDefinition<A>): Command {
  return definition;
}

/** What a subcommand says for itself; the rest is as its command has it. */
export type SubcommandDefinition<A extends Args> = Pick<
  CommandDefinition<A>,
  "description" | "args" | "action" | "run"
> &
  Partial<Pick<CommandDefinition<A>, "visibility" | "needs">>;

/** Like {@link defineCommand}, for one of the subcommands. */
export function defineSubcommand<const A extends Args>(
  definition: SubcommandDefinition<A>,
): SubcommandDefinition<Args> {
  return definition;
}

/** The command, or the subcommand of that first word, as a command: `cache pin`; `undefined` = no such word. */
export function variantOf(command: Command, firstWord: string): Command | undefined {
  const { subcommands = {}, mainWord, ...plain } = command;
  if (firstWord === "" || firstWord === mainWord) return plain;
  // The word comes from outside: only what the command itself declares counts.
  const chosen = Object.hasOwn(subcommands, firstWord) ? subcommands[firstWord] : undefined;
  return chosen && { ...plain, aliases: [], ...chosen, name: `${command.name} ${firstWord}` };
}

/** The command and all its subcommands, each as a command. */
export function variantsOf(command: Command): readonly Command[] {
  const words = ["", ...Object.keys(command.subcommands ?? {})];
  return words.flatMap((firstWord) => variantOf(command, firstWord) ?? []);
}

/**
 * How it is typed, with words of each language for its arguments: `play <query> [volume {NUMBER}] [--quiet]`. Those that
 * count by their names alone are not listed.
 */
export function usageOf(command: Pick<Command, "name" | "args">, prefix: string): Template {
  const args = Object.entries(command.args);
  const withDashes = needsDashes(command.args);
  const parts = args
    .filter(([, arg]) => !arg.isNamed)
    .map(([name, arg]) => usageOfArg(name, arg, withDashes));
  const named = args.some(([, arg]) => arg.isNamed) ? ["[{NAME} {VALUE}]"] : [];
  return { template: [`${prefix}${command.name}`, ...parts, ...named].join(" ") };
}

/** {@link usageOf} as it is written where somebody asks. */
export function usageIn(
  { surface, prefix }: Pick<CommandContext, "surface" | "prefix">,
  command: Pick<Command, "name" | "args">,
): Template {
  return usageOf(command, surface === "prefix" ? (prefix ?? "/") : "/");
}

/** {@link usageOf} in the words of a language. */
export function usageText(command: Pick<Command, "name" | "args">, prefix: string, wording: Wording): string {
  return fill("{usage}", { usage: usageOf(command, prefix) }, wording);
}
