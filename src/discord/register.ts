import { createHash } from "node:crypto";
import {
  type ApplicationCommandManager,
  type ApplicationCommandOptionBase,
  ApplicationIntegrationType,
  InteractionContextType,
  type LocalizationMap,
  PermissionFlagsBits,
  SlashCommandBuilder,
  SlashCommandSubcommandBuilder,
} from "discord.js";
import type { Arg, Args } from "../command/args.ts";
import type { Command } from "../command/define.ts";
import { LANGUAGES, type Localized } from "../texts/texts.ts";

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
  switch (arg.kind) {
    case "text":
      builder.addStringOption((option) =>
        named(option)
          .setMaxLength(arg.maxLength)
          .setAutocomplete(arg.suggest !== undefined),
      );
      return;
    case "word":
      builder.addStringOption((option) => named(option).setMaxLength(arg.maxLength));
      return;
    case "choice":
      builder.addStringOption((option) =>
        named(option).addChoices(arg.choices.map((value) => ({ name: value, value }))),
      );
      return;
    case "integer":
      builder.addIntegerOption((option) => named(option).setMinValue(arg.min).setMaxValue(arg.max));
      return;
    case "flag":
      builder.addBooleanOption(named);
  }
}

/** A description in the languages other than English, which is shown to everyone else. */
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
  const bodies = commands.map(slashBody);
  const name = `commands.${manager.client.application?.id ?? ""}`;
  const hash = createHash("sha256").update(JSON.stringify(bodies)).digest("hex");
  if ((await memory.get(name)) === hash) return false;
  // A bulk overwrite also deletes commands that are no longer there.
  await manager.set(bodies);
  await memory.set(name, hash);
  return true;
}
