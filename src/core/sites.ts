/** Sites besides YouTube that songs can be fetched from, where the operator allows them: MORE_SOURCES. */
export const SITES = ["soundcloud", "bandcamp"] as const;

/** Each is a family of recordings too. */
export type Site = (typeof SITES)[number];

/** True for a family of recordings that is one of these sites. */
export function isSite(source: string): source is Site {
  return (SITES as readonly string[]).includes(source);
}
