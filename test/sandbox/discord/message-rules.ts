// Rules for messages that Discord's description of the bodies does not contain.
import { ComponentType, mediaIn, walk } from "./components.ts";
import type { Component } from "./components.ts";
import { DiscordRefusal, invalidForm } from "./errors.ts";
import { MessageFlag } from "./message.ts";
import { charactersIn } from "./text.ts";

/** What a message would be after a request. */
export interface DraftMessage {
  readonly content: string;
  readonly embeds: readonly unknown[];
  readonly components: readonly Component[];
  readonly attachments: readonly { readonly filename: string }[];
  readonly flags: number;
}

const MAX_CONTENT = 2000;
const MAX_COMPONENTS = 40;
const MAX_TEXT_IN_COMPONENTS = 4000;
const MAX_ROWS = 5;
const MAX_BUTTONS_IN_ROW = 5;
const LINK_STYLE = 5;
const PREMIUM_STYLE = 6;

/**
 * Refuses what Discord refuses.
 * @throws {DiscordRefusal} 50035 for a broken rule, 50006 for nothing to show
 */
export function checkMessage(draft: DraftMessage): void {
  if (charactersIn(draft.content) > MAX_CONTENT)
    throw invalidForm(`content: longer than ${MAX_CONTENT} characters`);
  const isV2 = (draft.flags & MessageFlag.componentsV2) !== 0;
  if (isV2) checkV2(draft);
  else checkClassic(draft);
  checkComponents(draft.components);
  checkMedia(draft);
}

function checkV2({ content, embeds, components }: DraftMessage): void {
  if (content !== "") throw invalidForm("content: cannot be used with the flag IS_COMPONENTS_V2");
  if (embeds.length > 0) throw invalidForm("embeds: cannot be used with the flag IS_COMPONENTS_V2");
  if (components.length === 0)
    throw new DiscordRefusal(400, 50_006, "Cannot send an empty message", "components: empty");
  const text = [...walk(components)].reduce((sum, { type, content: own = "" }) => {
    return type === ComponentType.textDisplay ? sum + charactersIn(own) : sum;
  }, 0);
  if (text > MAX_TEXT_IN_COMPONENTS)
    throw invalidForm(`components: ${text} characters of text in all, more than 4000`);
}

function checkClassic({ content, embeds, components, attachments }: DraftMessage): void {
  if (components.some(({ type }) => type !== ComponentType.actionRow))
    throw invalidForm("components: only action rows without the flag IS_COMPONENTS_V2");
  if (components.length > MAX_ROWS) throw invalidForm("components: more than 5 action rows");
  if (content === "" && embeds.length + components.length + attachments.length === 0)
    throw new DiscordRefusal(400, 50_006, "Cannot send an empty message", "nothing to show");
}

function checkComponents(components: readonly Component[]): void {
  const all = [...walk(components)];
  if (all.length > MAX_COMPONENTS)
    throw invalidForm(`components: ${all.length} in all, more than ${MAX_COMPONENTS}`);
  const customIds = all.flatMap(({ custom_id }) => custom_id ?? []);
  const twice = customIds.find((id, index) => customIds.indexOf(id) !== index);
  if (twice !== undefined) throw invalidForm(`components: custom_id "${twice}" is used twice`);
  for (const component of all) {
    if (component.type === ComponentType.button) checkButton(component);
    if (component.type === ComponentType.actionRow) checkRow(component);
  }
}

function checkButton({ style, custom_id, url, label, emoji }: Component): void {
  if (style === PREMIUM_STYLE) return;
  if (!label && !emoji) throw invalidForm("components: a button needs a label or an emoji");
  if (style === LINK_STYLE ? !url || custom_id !== undefined : !custom_id || url !== undefined)
    throw invalidForm("components: a link button has a url, any other button a custom_id, and never both");
}

function checkRow({ components = [] }: Component): void {
  const buttons = components.filter(({ type }) => type === ComponentType.button).length;
  const fits =
    buttons === components.length ? buttons >= 1 && buttons <= MAX_BUTTONS_IN_ROW : components.length === 1;
  if (!fits) throw invalidForm("components: an action row holds 1 to 5 buttons or one select");
}

function checkMedia({ components, attachments }: DraftMessage): void {
  for (const { url } of mediaIn(components)) {
    const name = url.startsWith("attachment://") ? url.slice("attachment://".length) : undefined;
    if (name !== undefined && !attachments.some(({ filename }) => filename === name))
      throw invalidForm(`components: no attachment is called "${name}"`);
  }
}
