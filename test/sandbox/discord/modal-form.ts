// Filling in a modal: finds the fields by their labels and makes the components of the submission.
import { ComponentType, walk } from "./components.ts";
import type { Component } from "./components.ts";
import type { OpenedModal } from "./interaction.ts";
import { charactersIn } from "./text.ts";

/** Text for an input, `true`/`false` for a checkbox, chosen values for selects and groups. */
export type FieldValue = string | boolean | readonly string[];

/** @throws {Error} when a field is unknown, missing, too short or too long */
export function fillModal(modal: OpenedModal, fields: Readonly<Record<string, FieldValue>>): object[] {
  const unused = new Set(Object.keys(fields));
  const components = modal.components.map((component) => filled(component, undefined, { fields, unused }));
  if (unused.size > 0)
    throw new Error(
      `The form "${modal.title}" has no field ${[...unused].join(", ")}; there are: ${names(modal)}`,
    );
  return components;
}

interface Form {
  readonly fields: Readonly<Record<string, FieldValue>>;
  readonly unused: Set<string>;
}

function filled(component: Component, label: string | undefined, form: Form): object {
  const { type, id } = component;
  if (component.component) return { type, id, component: filled(component.component, component.label, form) };
  if (component.components)
    return { type, id, components: component.components.map((child) => filled(child, child.label, form)) };
  if (component.custom_id === undefined) return { type, id };
  return { type, id, custom_id: component.custom_id, ...answer(component, label, form) };
}

function answer(component: Component, label: string | undefined, { fields, unused }: Form): object {
  const { custom_id: customId = "", type, required } = component;
  const name = [customId, label ?? ""].find((candidate) => candidate in fields);
  if (name === undefined && type !== ComponentType.checkbox && required !== false)
    throw new Error(`The field "${label ?? customId}" is required.`);
  unused.delete(name ?? "");
  return valuePart(component, name === undefined ? undefined : fields[name]);
}

function valuePart(component: Component, given: FieldValue | undefined): object {
  if (component.type === ComponentType.checkbox) return { value: given === true };
  if (component.type === ComponentType.radioGroup) return { value: given ?? null };
  if (component.type !== ComponentType.textInput) return { values: given ?? [] };
  return { value: checkedText(component, typeof given === "string" ? given : "") };
}

function checkedText(
  { min_length = 0, max_length = 4000, required, custom_id }: Component,
  text: string,
): string {
  const length = charactersIn(text);
  const least = required === false && length === 0 ? 0 : Math.max(min_length, required === false ? 0 : 1);
  if (length < least || length > max_length)
    throw new Error(`The field "${custom_id}" takes ${least} to ${max_length} characters, not ${length}.`);
  return text;
}

function names(modal: OpenedModal): string {
  return [...walk(modal.components)].flatMap(({ label, custom_id }) => label ?? custom_id ?? []).join(", ");
}
