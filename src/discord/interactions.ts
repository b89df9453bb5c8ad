import {
  type AutocompleteInteraction,
  type ChatInputCommandInteraction,
  type Interaction,
  type MessageComponentInteraction,
  type MessageContextMenuCommandInteraction,
  MessageFlags,
  type ModalSubmitInteraction,
} from "discord.js";
import type { RawValue, RawValues } from "../command/args.ts";
import type { CommandContext, Surface } from "../command/context.ts";
import { type Command, variantOf } from "../command/define.ts";
import { dispatch, dispatchOnMessage, dispatchPress, dispatchTyping } from "../command/dispatch.ts";
import { errorPanel, parseButtonId } from "../command/panel.ts";
import { listNamesFor } from "../command/saved-lists.ts";
import { errorText, LANGUAGES } from "../texts/texts.ts";
import { attachedFile, attachedFiles } from "./guild-things.ts";
import { type AnswerableInteraction, InteractionAnswer } from "./interaction-answer.ts";
import type { Member } from "./people.ts";
import { renderPanel } from "./render.ts";
import { type Answering, contextOf, findCommand, type SurfaceDeps } from "./surfaces.ts";

/** Slash commands, buttons, menus and forms: makes each a plain context and runs the command. */
export async function onInteraction(deps: SurfaceDeps, interaction: Interaction): Promise<void> {
  if (!interaction.inCachedGuild() || deps.shutdown.aborted) return;
  if (interaction.isChatInputCommand()) await onSlash(deps, interaction);
  else if (interaction.isAutocomplete()) await onTyping(deps, interaction);
  else if (interaction.isMessageContextMenuCommand()) await onMenu(deps, interaction);
  else if (interaction.isMessageComponent() || interaction.isModalSubmit()) await onPress(deps, interaction);
}

async function onSlash(deps: SurfaceDeps, interaction: ChatInputCommandInteraction<"cached">): Promise<void> {
  const command = chosenCommand(deps, interaction);
  if (!command) return;
  const isPrivate = command.visibility === "private";
  await withAnswer(deps, interaction, { surface: "slash", isPrivate, isForAll: !isPrivate }, (context) =>
    dispatch(deps, command, rawValues(command, interaction), context),
  );
  if (command.action === "play") await warnOfSilence(deps, interaction);
}

/** The answer to a command takes no right; the messages of the songs after it do. */
async function warnOfSilence(
  { hints, services }: SurfaceDeps,
  interaction: ChatInputCommandInteraction<"cached">,
): Promise<void> {
  const why = interaction.channel && hints.take(interaction.channel, interaction.user.id);
  if (!why) return;
  const texts = services.languages.textsFor(interaction.guildId, interaction.locale);
  const { flags, ...payload } = renderPanel(errorPanel(errorText(why, texts)));
  await interaction.followUp({ ...payload, flags: [flags, MessageFlags.Ephemeral] });
}

async function onMenu(
  deps: SurfaceDeps,
  interaction: MessageContextMenuCommandInteraction<"cached">,
): Promise<void> {
  for (const command of deps.commands) {
    const action = command.onMessages?.find(({ name }) => name(LANGUAGES.en) === interaction.commandName);
    if (!action) continue;
    const isPrivate = command.visibility === "private";
    const { targetMessage: target } = interaction;
    const message = { text: target.content, files: attachedFiles(target) };
    await withAnswer(deps, interaction, { surface: "menu", isPrivate, isForAll: !isPrivate }, (context) =>
      dispatchOnMessage(deps, command, { action, message }, context),
    );
  }
}

/** Discord's person waits for each letter; what is not there by then is left out. */
const SUGGEST_WITHIN_MS = 300;

async function onTyping(deps: SurfaceDeps, interaction: AutocompleteInteraction<"cached">): Promise<void> {
  const command = chosenCommand(deps, interaction);
  const { name, value } = interaction.options.getFocused(true);
  if (!command) return;
  const typing = {
    actor: deps.people.actor(interaction.user, memberOf(interaction)),
    place: deps.people.place(interaction.guildId, deps.services.options.of(interaction.guildId)),
    own: deps.services.ownSongs(interaction.guildId),
    listNames: () => listNamesFor(deps.services, interaction.user.id, interaction.guildId),
    arg: name,
    typed: value,
  };
  const suggestions = await dispatchTyping(deps, command, typing, AbortSignal.timeout(SUGGEST_WITHIN_MS));
  // Whoever types fast has moved on by now, and Discord then knows the request no more.
  await interaction
    .respond([...suggestions])
    .catch((error: unknown) => deps.log.debug("suggestions.unanswered", { error }));
}

/** The command, or its subcommand, that was chosen. */
function chosenCommand(
  deps: SurfaceDeps,
  interaction: ChatInputCommandInteraction | AutocompleteInteraction,
): Command | undefined {
  const command = findCommand(deps.commands, interaction.commandName);
  return command && variantOf(command, interaction.options.getSubcommand(false) ?? "");
}

async function onPress(deps: SurfaceDeps, interaction: PressInteraction): Promise<void> {
  const parsed = parseButtonId(interaction.customId);
  const command = parsed && findCommand(deps.commands, parsed.command);
  if (!command) return;
  const { press: name, payload } = parsed;
  const press = { name, payload, input: chosenValue(interaction), fields: writtenFields(interaction) };
  const surface = interaction.isModalSubmit() ? "form" : "button";
  // A control of a song does the same as the command of its name.
  const isControl = name === "press" && !command.presses?.["press"];
  // Other presses change the message they are on, which everyone may read.
  const isForAll = !isControl && interaction.message?.flags.has(MessageFlags.Ephemeral) === false;
  await withAnswer(deps, interaction, { surface, isPrivate: true, isForAll }, (context) =>
    isControl ? dispatch(deps, command, new Map(), context) : dispatchPress(deps, command, press, context),
  );
}

type PressInteraction = MessageComponentInteraction<"cached"> | ModalSubmitInteraction<"cached">;

function chosenValue(interaction: PressInteraction): string {
  return (
    (interaction.isMessageComponent() && interaction.isStringSelectMenu() && interaction.values[0]) || ""
  );
}

function writtenFields(interaction: PressInteraction): Readonly<Record<string, string>> {
  if (!interaction.isModalSubmit()) return {};
  const { fields } = interaction.fields;
  return Object.fromEntries(fields.map((field, name) => [name, "value" in field ? String(field.value) : ""]));
}

function memberOf({
  memberPermissions,
  member,
}: Pick<AnswerableInteraction, "memberPermissions" | "member">): Member {
  return { permissions: memberPermissions, roleIds: member.roles.cache.keys() };
}

async function withAnswer(
  deps: SurfaceDeps,
  interaction: AnswerableInteraction,
  about: { readonly surface: Surface; readonly isPrivate: boolean; readonly isForAll: boolean },
  work: (context: CommandContext) => Promise<void>,
): Promise<void> {
  const answer = new InteractionAnswer(interaction, about.isPrivate, deps.log);
  const origin = {
    surface: about.surface,
    user: interaction.user,
    member: memberOf(interaction),
    guild: interaction.guild,
    textChannelId: interaction.channelId ?? "",
    locale: interaction.locale,
    isForAll: about.isForAll,
  };
  const answering: Answering = {
    reply: (panel, options) => answer.reply(panel, options),
    update: (panel) => answer.update(panel),
    openForm: (form) => answer.openForm(form),
  };
  try {
    await work(contextOf(deps, origin, answering));
  } finally {
    answer.close();
  }
}

function rawValues(command: Command, interaction: ChatInputCommandInteraction): RawValues {
  const raw = new Map<string, RawValue>();
  for (const name of Object.keys(command.args)) {
    const { value, attachment } = interaction.options.get(name) ?? {};
    if (attachment) raw.set(name, attachedFile(attachment));
    else if (value !== undefined) raw.set(name, value);
  }
  return raw;
}
