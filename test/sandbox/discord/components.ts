// Components of messages and modals: walking them, finding a button, reading their text.

/** The union of all component fields this server looks at; shapes are checked against Discord's description before. */
export interface Component {
  type: number;
  id?: number;
  custom_id?: string;
  label?: string;
  style?: number;
  disabled?: boolean;
  content?: string;
  description?: string | null;
  url?: string;
  emoji?: { name?: string };
  options?: readonly { label: string; value: string; default?: boolean }[];
  min_values?: number;
  max_values?: number;
  min_length?: number;
  max_length?: number;
  required?: boolean;
  value?: string | boolean;
  placeholder?: string;
  components?: Component[];
  component?: Component;
  accessory?: Component;
  items?: { media: MediaItem; description?: string | null; spoiler?: boolean }[] | undefined;
  media?: MediaItem;
  file?: MediaItem;
}

/** A picture or file a component shows. */
export interface MediaItem {
  url: string;
}

/** Numbers of Discord's component types. */
export const ComponentType = {
  actionRow: 1,
  button: 2,
  stringSelect: 3,
  textInput: 4,
  textDisplay: 10,
  thumbnail: 11,
  file: 13,
  separator: 14,
  container: 17,
  label: 18,
  radioGroup: 21,
  checkbox: 23,
} as const;

/** Every component of a tree, parents first. */
export function* walk(components: readonly Component[]): Generator<Component, void, undefined> {
  for (const component of components) {
    yield component;
    yield* walk(component.components ?? []);
    if (component.component) yield* walk([component.component]);
    if (component.accessory) yield* walk([component.accessory]);
  }
}

/** A button as a person sees it. */
export interface VisibleButton {
  readonly label: string;
  readonly disabled: boolean;
  /** 1 primary, 2 secondary, 3 success, 4 danger, 5 link. */
  readonly style: number;
  readonly customId: string | undefined;
}

/** All buttons in reading order. */
export function buttonsIn(components: readonly Component[]): VisibleButton[] {
  return [...walk(components)]
    .filter(({ type }) => type === ComponentType.button)
    .map((button) => ({
      label: button.label ?? button.emoji?.name ?? "",
      disabled: button.disabled ?? false,
      style: button.style ?? 0,
      customId: button.custom_id,
    }));
}

/** A select menu as a person sees it. */
export function selectsIn(components: readonly Component[]): Component[] {
  return [...walk(components)].filter(({ type }) => type === 3 || (type >= 5 && type <= 8));
}

/** All text displays joined by line breaks. */
export function textIn(components: readonly Component[]): string {
  return [...walk(components)]
    .filter(({ type }) => type === ComponentType.textDisplay)
    .map(({ content }) => content ?? "")
    .join("\n");
}

/** Places where a component names a file. */
export function mediaIn(components: readonly Component[]): MediaItem[] {
  return [...walk(components)].flatMap((component) => [
    ...(component.items ?? []).map(({ media }) => media),
    ...(component.media ? [component.media] : []),
    ...(component.file ? [component.file] : []),
  ]);
}

/** What Discord fills in when the bot leaves it out, by component type. */
const DEFAULTS: Readonly<Record<number, object>> = {
  [ComponentType.stringSelect]: { min_values: 1, max_values: 1 },
  [ComponentType.thumbnail]: { description: null, spoiler: false },
  [ComponentType.file]: { spoiler: false },
  [ComponentType.separator]: { spacing: 1, divider: true },
  [ComponentType.container]: { accent_color: null, spoiler: false },
};

/** Components as Discord stores them: each with an id, its number in reading order unless the bot chose one. */
export function stored(components: readonly Component[]): Component[] {
  const copy = structuredClone(components) as Component[];
  let next = 1;
  for (const component of walk(copy)) {
    Object.assign(component, { ...DEFAULTS[component.type], ...component });
    component.id ??= next++;
    component.items = component.items?.map((item) => ({ description: null, spoiler: false, ...item }));
  }
  return copy;
}
