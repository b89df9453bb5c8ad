/** Writes the commands as people read them, so that documentation and `commands/` cannot drift apart. */
import type { Arg, Args } from "../command/args.ts";
import { type Command, usageText, variantsOf } from "../command/define.ts";
import { type Group, GROUPS } from "../command/groups.ts";
import { inVoice } from "../command/preconditions.ts";
import { withSection } from "../core/marked-section.ts";
import type { Action } from "../policy/permission.ts";
import { LANGUAGES } from "../texts/texts.ts";

const { en } = LANGUAGES;

/** Who has a right, in the words that the README explains. */
const WHO: Readonly<Record<Action, string>> = {
  view: "everyone",
  "lists.keep": "everyone",
  "cache.view": "everyone",
  play: "listeners",
  "song.control": "requesters and DJs",
  "queue.control": "DJs",
  "options.dj": "DJs by role",
  "guild.manage": "Manage Server",
  "cache.manage": "cache admins",
  "cache.clean": "cache admins",
  "cache.clear": "cache admins",
};

/** More are not listed, so that the table stays one. */
const MOST_CHOICES = 3;
const MOST_OPTIONS = 8;

/** One Markdown table for each group of commands, in the order of `help`. */
export function commandTables(commands: readonly Command[]): string {
  return GROUPS.flatMap((group) => {
    const rows = commands.filter((command) => command.group === group).flatMap(rowsOf);
    return rows.length === 0 ? [] : [tableOf(group, rows)];
  }).join("\n\n");
}

/** The text with the tables between its two markers replaced; `undefined` = the markers are missing. */
export function withCommandTables(readme: string, commands: readonly Command[]): string | undefined {
  return withSection(readme, "commands", commandTables(commands));
}

function tableOf(group: Group, rows: readonly string[]): string {
  const head = ["| Typed | Slash | What it does | Who |", "| --- | --- | --- | --- |"];
  return [`### ${en.help.groups[group]}`, "", ...head, ...rows].join("\n");
}

function rowsOf(command: Command): readonly string[] {
  return variantsOf(command).map((variant) => {
    const slashName = variant.name === command.name ? mainNameOf(command) : variant.name;
    const cells = [
      typed(variant),
      code(slash(slashName, variant.args)),
      variant.description(en),
      who(variant),
    ];
    return `| ${cells.map((cell) => cell.replaceAll("|", String.raw`\|`)).join(" | ")} |`;
  });
}

function mainNameOf({ name, mainWord }: Command): string {
  return mainWord === undefined ? name : `${name} ${mainWord}`;
}

function typed({ name, args, aliases = [] }: Command): string {
  const shortened = Object.fromEntries(Object.entries(args).map(([arg, about]) => [arg, shorten(about)]));
  const usage = usageText({ name, args: shortened }, "?", en);
  const others = aliases.length === 0 ? "" : `, also ${aliases.map((alias) => code(`?${alias}`)).join(", ")}`;
  return `${code(usage)}${others}`;
}

/** A choice among many names is shown as a word, so that its row stays short. */
function shorten(arg: Arg): Arg {
  if (arg.kind !== "choice" || arg.choices.length <= MOST_CHOICES) return arg;
  const { description, required, isNamed } = arg;
  return { kind: "text", description, required, maxLength: 0, ...(isNamed && { isNamed }) };
}

function slash(name: string, args: Args): string {
  const options = Object.entries(args)
    .toSorted(([, a], [, b]) => Number(b.required) - Number(a.required))
    .map(([arg, { required }]) => (required ? `<${arg}>` : `[${arg}]`));
  return [`/${name}`, ...(options.length > MOST_OPTIONS ? ["[option]…"] : options)].join(" ");
}

function who({ action, further = [], needs }: Command): string {
  const base = action === "view" && needs.includes(inVoice) ? "listeners" : WHO[action];
  const more = further.map((right) => WHO[right]).join(", ");
  return more === "" ? base : `${base}; some of it ${more}`;
}

function code(text: string): string {
  return `\`${text}\``;
}
