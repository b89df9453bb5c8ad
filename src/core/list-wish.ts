/** How a list of songs is wanted. */
export interface ListWish {
  /** Most songs. */
  readonly limit?: number | undefined;
  /** In any order; the whole list is read first then. */
  readonly isShuffled?: boolean | undefined;
  /** A link to one song of a list means that list, from the song on. Default: it means the song. */
  readonly isWhole?: boolean | undefined;
}
