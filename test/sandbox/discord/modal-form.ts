// Filling in a modal: finds the fields by their labels and makes the components of the submission.
import { ComponentType, walk } from "./components.ts";
import type { Component } from "./components.ts";
import type { OpenedModal } from "./interaction.ts";

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
  const name = [component.custom_id, label].find(
    (candidate) => candidate !== undefined && candidate in fields,
  );
  if (name !== undefined) unused.delete(name);
  const given = name === undefined ? undefined : fields[name];
  const isMissing = given === undefined || given === "";
  if (isMissing && component.required !== false && component.type !== ComponentType.checkbox)
    throw new Error(`The field "${label ?? component.custom_id}" is required.`);
  if (component.type === ComponentType.checkbox) return { value: given === true };
  if (component.type !== ComponentType.textInput && component.type !== 21) return { values: given ?? [] };
  if (typeof given === "string" && component.type === ComponentType.textInput) checkLength(component, given);
  return { value: given ?? "" };
}

function checkLength({ min_length = 0, max_length = 4000, custom_id }: Component, text: string): void {
  const { length } = [...text];
  if (length > 0 && (length < min_length || length > max_length))
    throw new Error(
      `The field "${custom_id}" takes ${min_length} to ${max_length} characters, not ${length}.`,
    );
}

function names(modal: OpenedModal): string {
  return [...walk(modal.components)].flatMap(({ label, custom_id }) => label ?? custom_id ?? []).join(", ");
}
