/** Lists of songs that people keep: favourites, and playlists of a person or a guild. */
import { cacheKey, type Track, type TrackRef } from "./track.ts";

/** Whose list it is: one person's in every guild, or a guild's for everybody in it. */
export interface ListOwner {
  readonly kind: "person" | "guild";
  readonly id: string;
}

/** What is told of a list without reading its songs. */
export interface SavedList {
  readonly name: string;
  readonly songs: number;
  /** Of the songs whose length is known. */
  readonly durationMs: number;
  /** Discord id of the person. */
  readonly madeBy: string;
  readonly changedAtMs: number;
}

/** What became of songs that were to be added. */
export interface Added {
  readonly added: number;
  /** They were in the list already: it holds each song once. */
  readonly known: number;
  /** There was no room for them. */
  readonly left: number;
}

export const MOST_LISTS: Readonly<Record<ListOwner["kind"], number>> = { person: 25, guild: 25 };
/** Of the lists of a guild, so many may be made by one person who does not manage it. */
export const MOST_GUILD_LISTS_OF_ONE = 5;
export const MOST_SONGS_IN_LIST = 500;

/** Name of the one list of a person that nobody has to make; people cannot type it. */
export const FAVOURITES = "";

const MOST_CHARACTERS = 50;
const INVISIBLE = /(?!\s)[\p{C}]/gu;

/** A name as it is kept: one line of visible characters; `undefined` = none, or more than 50 characters. */
export function parseListName(text: string): string | undefined {
  const name = text.normalize("NFC").replaceAll(INVISIBLE, "").replaceAll(/\s+/gu, " ").trim();
  return name === "" || name.length > MOST_CHARACTERS ? undefined : name;
}

/** Names with the same key are the same name: case and the width of letters do not count. */
export function listNameKey(name: string): string {
  return name.normalize("NFKC").toLowerCase();
}

/** What a song is called in lists: its cache key; one that is only named so far has none, but a name all the same. */
export function savedSongKey({ source, id }: TrackRef): string {
  return source === "youtube" ? cacheKey({ source, id }) : `${source}.${id}`;
}

/** The lists of everybody. Names have gone through {@link parseListName}, or are {@link FAVOURITES}. */
export interface SavedListBook {
  /** All lists of an owner in the order of their names, without the favourites. */
  listsOf(owner: ListOwner): Promise<readonly SavedList[]>;
  find(owner: ListOwner, name: string): Promise<SavedList | undefined>;
  /** An empty list. `full` = the owner has as many as there may be. */
  make(owner: ListOwner, name: string, madeBy: string): Promise<"made" | "exists" | "full">;
  /** False = there was none. */
  delete(owner: ListOwner, name: string): Promise<boolean>;
  /** In the order in which they were added; `undefined` = there is no such list. */
  songsOf(owner: ListOwner, name: string): Promise<readonly Track[] | undefined>;
  /** Puts songs at the end; `undefined` = there is no such list. The favourites are made when they are missing. */
  add(owner: ListOwner, name: string, tracks: readonly Track[]): Promise<Added | undefined>;
  /** False = it was not in the list, or there is no such list. */
  remove(owner: ListOwner, name: string, song: TrackRef): Promise<boolean>;
}
