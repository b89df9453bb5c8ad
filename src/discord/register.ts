import { createHash } from "node:crypto";
import {
  type APIApplicationCommandOptionChoice,
  type ApplicationCommandManager,
  type ApplicationCommandOptionBase,
  ApplicationCommandType,
  ApplicationIntegrationType,
  ChannelType,
  ContextMenuCommandBuilder,
  InteractionContextType,
  type LocalizationMap,
  PermissionFlagsBits,
  SlashCommandBuilder,
  type SlashCommandStringOption,
  SlashCommandSubcommandBuilder,
} from "discord.js";
import { isThing } from "../command/arg-values.ts";
import type { Arg, Args, Thing } from "../command/args.ts";
import type { Command } from "../command/define.ts";
import { LANGUAGES, type Localized, type Texts } from "../texts/texts.ts";

/** Where the hash of what was registered last is kept. */
export interface RegistrationMemory {
  get(name: string): Promise<string | undefined>;
  set(name: string, value: string): Promise<void>;
}

const SHOWN_TO = {
  "manage-guild": PermissionFlagsBits.ManageGuild,
  administrator: PermissionFlagsBits.Administrator,
};

/** A command as Discord takes it. */
export function slashBody(command: Command): ReturnType<SlashCommandBuilder["toJSON"]> {
  const builder = new SlashCommandBuilder()
    .setName(command.name)
    .setDescription(command.description(LANGUAGES.en))
    .setDescriptionLocalizations(localizations(command.description))
    .setContexts(InteractionContextType.Guild)
    .setIntegrationTypes(ApplicationIntegrationType.GuildInstall);
  if (command.shownTo) builder.setDefaultMemberPermissions(SHOWN_TO[command.shownTo]);
  const { mainWord, subcommands } = command;
  if (mainWord === undefined || !subcommands) addOptions(builder, command.args);
  else {
    for (const [name, { description, args }] of Object.entries({ [mainWord]: command, ...subcommands })) {
      const subcommand = new SlashCommandSubcommandBuilder()
        .setName(name)
        .setDescription(description(LANGUAGES.en))
        .setDescriptionLocalizations(localizations(description));
      addOptions(subcommand, args);
      builder.addSubcommand(subcommand);
    }
  }
  return builder.toJSON();
}

type OptionsBuilder = SlashCommandBuilder | SlashCommandSubcommandBuilder;

/** Discord wants required options first. */
function addOptions(builder: OptionsBuilder, args: Args): void {
  const ordered = Object.entries(args).toSorted(([, a], [, b]) => Number(b.required) - Number(a.required));
  for (const [name, arg] of ordered) addOption(builder, name, arg);
}

function addOption(builder: OptionsBuilder, name: string, arg: Arg): void {
  const named = <T extends ApplicationCommandOptionBase>(option: T): T =>
    option
      .setName(name)
      .setDescription(arg.description(LANGUAGES.en))
      .setDescriptionLocalizations(localizations(arg.description))
      .setRequired(arg.required);
  if (isThing(arg)) addThing(builder, arg.kind, named);
  else if (arg.kind === "integer")
    builder.addIntegerOption((option) => named(option).setMinValue(arg.min).setMaxValue(arg.max));
  else if (arg.kind === "flag") builder.addBooleanOption(named);
  else if (arg.kind === "file") builder.addAttachmentOption(named);
  else builder.addStringOption((option) => withWords(named(option), arg));
}

type WordsArg = Extract<Arg, { readonly kind: "text" | "word" | "duration" | "choice" }>;

function withWords(option: SlashCommandStringOption, arg: WordsArg): SlashCommandStringOption {
  switch (arg.kind) {
    case "text":
      return option.setMaxLength(arg.maxLength).setAutocomplete(arg.suggest !== undefined);
    case "word":
      return option.setMaxLength(arg.maxLength);
    case "duration":
      return option.setMaxLength(LONGEST_DURATION);
    case "choice":
      return option.addChoices(arg.choices.map((value) => choiceOf(value, arg.labels)));
  }
}

/** `23:59:59` and more. */
const LONGEST_DURATION = 12;

function choiceOf(
  value: string,
  labels: ((texts: Texts) => Readonly<Record<string, string>>) | undefined,
): APIApplicationCommandOptionChoice<string> {
  const name: Localized = (texts) => labels?.(texts)[value] ?? value;
  return { name: name(LANGUAGES.en), name_localizations: localizations(name), value };
}

type Naming = <T extends ApplicationCommandOptionBase>(option: T) => T;

function addThing(builder: OptionsBuilder, kind: Thing, named: Naming): void {
  if (kind === "user") builder.addUserOption(named);
  else if (kind === "role") builder.addRoleOption(named);
  else builder.addChannelOption((option) => named(option).addChannelTypes(...CHANNELS[kind]));
}

const CHANNELS = {
  "text channel": [ChannelType.GuildText],
  "voice channel": [ChannelType.GuildVoice, ChannelType.GuildStageVoice],
} as const;

/** The entries of the menu of messages as Discord takes them. */
export function menuBodies(command: Command): readonly ReturnType<ContextMenuCommandBuilder["toJSON"]>[] {
  return (command.onMessages ?? []).map(({ name }) =>
    new ContextMenuCommandBuilder()
      .setType(ApplicationCommandType.Message)
      .setName(name(LANGUAGES.en))
      .setNameLocalizations(localizations(name))
      .setContexts(InteractionContextType.Guild)
      .setIntegrationTypes(ApplicationIntegrationType.GuildInstall)
      .toJSON(),
  );
}

/** A text in the languages other than English, which is shown to everyone else. */
function localizations(text: Localized): LocalizationMap {
  const others = Object.values(LANGUAGES).filter((language) => language !== LANGUAGES.en);
  return Object.fromEntries(
    others.flatMap((language) => language.discordLocales.map((locale) => [locale, text(language)])),
  );
}

/** Registers the commands for all guilds unless the same ones are registered already. True when it did. */
export async function registerCommands(
  manager: ApplicationCommandManager,
  commands: readonly Command[],
  memory: RegistrationMemory,
): Promise<boolean> {
  const bodies = commands.flatMap((command) => [slashBody(command), ...menuBodies(command)]);
  const name = `commands.${manager.client.application?.id ?? ""}`;
  const hash = createHash("sha256").update(JSON.stringify(bodies)).digest("hex");
  if ((await memory.get(name)) === hash) return false;
  // A bulk overwrite also deletes commands that are no longer there.
  await manager.set(bodies);
  await memory.set(name, hash);
  return true;
}
