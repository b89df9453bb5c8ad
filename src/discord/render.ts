import {
  ActionRowBuilder,
  ButtonBuilder,
  ButtonStyle,
  ContainerBuilder,
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
import type { Button, Form, Menu, Panel, Tone } from "../command/panel.ts";

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

/** What every message of the bot carries: Components V2, and nobody is pinged by a title. */
export interface Payload {
  readonly flags: MessageFlags.IsComponentsV2;
  readonly components: ContainerBuilder[];
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
  if (panel.buttons && panel.buttons.length > 0) {
    const row = new ActionRowBuilder<ButtonBuilder>().addComponents(panel.buttons.map(renderButton));
    container.addActionRowComponents(row);
  }
  if (panel.menu) {
    const row = new ActionRowBuilder<StringSelectMenuBuilder>().addComponents(renderMenu(panel.menu));
    container.addActionRowComponents(row);
  }
  return {
    flags: MessageFlags.IsComponentsV2,
    components: [container],
    allowedMentions: { parse: [], repliedUser: false },
  };
}

/** A form as Discord takes it. */
export function renderForm(form: Form): ModalBuilder {
  const field = new TextInputBuilder()
    .setCustomId("field")
    .setStyle(TextInputStyle.Short)
    .setMaxLength(form.field.maxLength)
    .setRequired(true);
  return new ModalBuilder()
    .setCustomId(form.id)
    .setTitle(form.title)
    .addTextDisplayComponents(new TextDisplayBuilder().setContent(form.text))
    .addLabelComponents(new LabelBuilder().setLabel(form.field.label).setTextInputComponent(field));
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
