import {
  ActionRowBuilder,
  AttachmentBuilder,
  ButtonBuilder,
  ButtonStyle,
  ContainerBuilder,
  FileBuilder,
  LabelBuilder,
  MessageFlags,
  ModalBuilder,
  SectionBuilder,
  StringSelectMenuBuilder,
  TextDisplayBuilder,
  TextInputBuilder,
  TextInputStyle,
  ThumbnailBuilder,
} from "discord.js";
import type { Button, Field, Form, Menu, Panel, Tone } from "../command/panel.ts";

/** Accent bars; each tone also says in words what it means. */
const COLOURS: Record<Tone, number> = {
  playing: 0x43b581,
  waiting: 0x99aab5,
  info: 0x7289f7,
  warning: 0xfaa61a,
  done: 0x43b581,
  error: 0xf04747,
};

const STYLES: Record<Button["style"], ButtonStyle> = {
  primary: ButtonStyle.Primary,
  secondary: ButtonStyle.Secondary,
  danger: ButtonStyle.Danger,
};

/** All texts of a message together may have about 4,000 characters; stay clear of it. */
const MAX_TEXT = 3_500;
const MAX_ALT = 1_024;
const BUTTONS_IN_ROW = 5;

/** What every message of the bot carries: Components V2, and nobody is pinged by a title. */
export interface Payload {
  readonly flags: MessageFlags.IsComponentsV2;
  readonly components: ContainerBuilder[];
  readonly files?: AttachmentBuilder[];
  readonly allowedMentions: { readonly parse: []; readonly repliedUser: false };
}

/** A panel as Discord takes it. */
export function renderPanel(panel: Panel): Payload {
  const container = new ContainerBuilder().setAccentColor(COLOURS[panel.tone]);
  const body = textOf(panel);
  if (panel.picture) {
    const { url, alt } = panel.picture;
    container.addSectionComponents(
      new SectionBuilder()
        .addTextDisplayComponents(new TextDisplayBuilder().setContent(body))
        .setThumbnailAccessory(new ThumbnailBuilder().setURL(url).setDescription(alt.slice(0, MAX_ALT))),
    );
  } else {
    container.addTextDisplayComponents(new TextDisplayBuilder().setContent(body));
  }
  if (panel.footer) {
    container.addTextDisplayComponents(new TextDisplayBuilder().setContent(`-# ${panel.footer}`));
  }
  const { file } = panel;
  if (file) container.addFileComponents(new FileBuilder().setURL(`attachment://${file.name}`));
  container.addActionRowComponents(rowsOf(panel));
  return {
    flags: MessageFlags.IsComponentsV2,
    components: [container],
    ...(file && { files: [new AttachmentBuilder(Buffer.from(file.text), { name: file.name })] }),
    allowedMentions: { parse: [], repliedUser: false },
  };
}

/** A form as Discord takes it. */
export function renderForm({ id, title, text, fields }: Form): ModalBuilder {
  const modal = new ModalBuilder().setCustomId(id).setTitle(title);
  if (text !== undefined) modal.addTextDisplayComponents(new TextDisplayBuilder().setContent(text));
  return modal.addLabelComponents(fields.map(renderField));
}

function renderField({ name, label, maxLength, value, isOptional, isLong }: Field): LabelBuilder {
  const input = new TextInputBuilder()
    .setCustomId(name)
    .setStyle(isLong ? TextInputStyle.Paragraph : TextInputStyle.Short)
    .setMaxLength(maxLength)
    .setRequired(!isOptional);
  if (value !== undefined) input.setValue(value);
  return new LabelBuilder().setLabel(label).setTextInputComponent(input);
}

function rowsOf({ buttons = [], menu }: Panel): ActionRowBuilder<ButtonBuilder | StringSelectMenuBuilder>[] {
  const rows = Array.from({ length: Math.ceil(buttons.length / BUTTONS_IN_ROW) }, (_, row) =>
    buttons.slice(row * BUTTONS_IN_ROW, (row + 1) * BUTTONS_IN_ROW).map(renderButton),
  );
  return [...rows, ...(menu ? [[renderMenu(menu)]] : [])].map((parts) =>
    new ActionRowBuilder<ButtonBuilder | StringSelectMenuBuilder>().addComponents(parts),
  );
}

function textOf(panel: Panel): string {
  const lines = [...(panel.title ? [`### ${panel.title}`] : []), ...panel.lines];
  const whole = lines.join("\n");
  return whole.length <= MAX_TEXT ? whole : `${cut(whole)}…`;
}

/** Not within a character, and not between a backslash and what it makes harmless. */
function cut(text: string): string {
  const start = text.slice(0, MAX_TEXT).replace(/\p{Cs}$/u, "");
  return start.replace(/(?<!\\)((?:\\\\)*)\\$/u, "$1");
}

function renderButton(button: Button): ButtonBuilder {
  return new ButtonBuilder()
    .setLabel(button.label)
    .setCustomId(button.id)
    .setStyle(STYLES[button.style])
    .setDisabled(button.disabled ?? false);
}

function renderMenu({ id, placeholder, options }: Menu): StringSelectMenuBuilder {
  return new StringSelectMenuBuilder()
    .setCustomId(id)
    .setPlaceholder(placeholder)
    .addOptions(options.map(({ label, value, isChosen = false }) => ({ label, value, default: isChosen })));
}
