/** Whether songs of a kind are stored when they have been played. */
export type KeepRule = "always" | "never";

/** What one guild said; each absent = nothing. */
export interface KeepRules {
  readonly guild?: KeepRule | undefined;
  /** About the family of recordings that the song is of: `youtube`, `direct`. */
  readonly source?: KeepRule | undefined;
  /** About the channel, uploader or artist of the song. */
  readonly channel?: KeepRule | undefined;
}

/** The nearest rule counts: the channel's, then the source's, then the guild's. Without any, songs are stored. */
export function isKept({ channel, source, guild }: KeepRules): boolean {
  return (channel ?? source ?? guild ?? "always") === "always";
}
