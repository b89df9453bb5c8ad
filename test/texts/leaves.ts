/** A text of a catalogue, or what makes one of facts. */
export type Leaf = string | ((facts: never) => string);

/** All texts of a catalogue by their paths: `songs.buttons.pause`. */
export function leavesOf(branch: object, above = ""): [string, Leaf][] {
  return Object.entries(branch).flatMap(([name, value]: [string, unknown]) => {
    if (Array.isArray(value)) return [];
    if (typeof value === "object" && value !== null) return leavesOf(value, `${above}${name}.`);
    return [[`${above}${name}`, value as Leaf]] as [string, Leaf][];
  });
}
