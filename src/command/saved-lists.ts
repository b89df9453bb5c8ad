/** Which list, which songs and who may: what the commands for favourites and playlists share. */
import { AppError } from "../core/errors.ts";
import { phrase } from "../core/sentence.ts";
import {
  type Added,
  FAVOURITES,
  type ListOwner,
  MOST_GUILD_LISTS_OF_ONE,
  MOST_LISTS,
  MOST_SONGS_IN_LIST,
  parseListName,
  type SavedList,
} from "../core/saved-list.ts";
import type { Track } from "../core/track.ts";
import { authorize } from "../policy/permission.ts";
import type { CommandContext, Services } from "./context.ts";
import { countMiss } from "./dispatch.ts";
import { roomsOf } from "./keep-scope.ts";

/** A list by its owner and its name. */
export interface ListPlace {
  readonly owner: ListOwner;
  readonly name: string;
}

/** The favourites of the person who asks. */
export function favouritesOf({ actor }: CommandContext): ListPlace {
  return { owner: { kind: "person", id: actor.id }, name: FAVOURITES };
}

/** Where a list of that name belongs: to the person, or to the guild. @throws {AppError} `NO_LIST_NAME` */
export function placeOf(context: CommandContext, typed: string, isServers: boolean): ListPlace {
  const name = parseListName(typed);
  if (name === undefined) throw new AppError("NO_LIST_NAME");
  const { actor, guildId } = context;
  return { owner: isServers ? { kind: "guild", id: guildId } : { kind: "person", id: actor.id }, name };
}

/**
 * A list to look at or to play: the person's own, else the guild's of that name.
 * @throws {AppError} `NO_LIST_NAME`, `NO_SUCH_LIST`
 */
export async function findList(
  context: CommandContext,
  typed: string,
  isServers: boolean,
): Promise<ListPlace> {
  for (const isGuilds of isServers ? [true] : [false, true]) {
    const place = placeOf(context, typed, isGuilds);
    const list = await context.services.taste.lists.find(place.owner, place.name);
    // As it was written when it was made.
    if (list) return { ...place, name: list.name };
  }
  throw new AppError("NO_SUCH_LIST");
}

/**
 * A list to change. One of the guild is changed by who made it and by those who manage the guild.
 * @throws {AppError} `NO_LIST_NAME`, `NO_SUCH_LIST`, `NOT_ALLOWED`
 */
export async function listToChange(
  context: CommandContext,
  typed: string,
  isServers: boolean,
): Promise<ListPlace> {
  const place = placeOf(context, typed, isServers);
  const list = await context.services.taste.lists.find(place.owner, place.name);
  if (!list) throw new AppError("NO_SUCH_LIST");
  if (place.owner.kind === "guild" && !mayChange(context, list))
    throw new AppError("NOT_ALLOWED", { who: phrase("LIST_MAKER") });
  return { ...place, name: list.name };
}

function mayChange({ actor, place }: CommandContext, { madeBy }: SavedList): boolean {
  return madeBy === actor.id || authorize(actor, "guild.manage", place) === undefined;
}

/** Makes an empty list. @throws {AppError} `LIST_EXISTS`, `TOO_MANY_LISTS`, `TOO_MANY_LISTS_OF_YOURS` */
export async function makeList(context: CommandContext, { owner, name }: ListPlace): Promise<void> {
  const { actor, place, services } = context;
  const { lists } = services.taste;
  // Else one person could take the room of all.
  if (owner.kind === "guild" && authorize(actor, "guild.manage", place)) {
    const own = (await lists.listsOf(owner)).filter(({ madeBy }) => madeBy === actor.id);
    if (own.length >= MOST_GUILD_LISTS_OF_ONE)
      throw new AppError("TOO_MANY_LISTS_OF_YOURS", { most: MOST_GUILD_LISTS_OF_ONE });
  }
  const made = await lists.make(owner, name, actor.id);
  if (made === "exists") throw new AppError("LIST_EXISTS");
  if (made === "full") throw new AppError("TOO_MANY_LISTS", { most: MOST_LISTS[owner.kind] });
}

/** The songs of a list. @throws {AppError} `NO_SUCH_LIST`, `LIST_EMPTY` */
export async function songsOf(
  { services: { taste } }: CommandContext,
  { owner, name }: ListPlace,
): Promise<readonly Track[]> {
  const songs = await taste.lists.songsOf(owner, name);
  if (!songs) throw new AppError("NO_SUCH_LIST");
  if (songs.length === 0) throw new AppError("LIST_EMPTY");
  return songs;
}

/** The song of that number. @throws {AppError} `NO_SUCH_LIST`, `LIST_EMPTY`, `NO_SUCH_ENTRY` */
export async function songAt(context: CommandContext, place: ListPlace, number: number): Promise<Track> {
  const song = (await songsOf(context, place))[number - 1];
  if (!song) throw new AppError("NO_SUCH_ENTRY");
  return song;
}

/** The song that plays, as its recording where that is known. @throws {AppError} `NOTHING_PLAYING` */
export async function currentSong({ session, services }: CommandContext): Promise<Track> {
  const { state } = session;
  if (state.status === "idle") throw new AppError("NOTHING_PLAYING");
  return (await services.taste.recordingOf(state.item.track)) ?? state.item.track;
}

/**
 * What a text means, of a list so many songs; without one the song that plays.
 * @throws {AppError} `NOTHING_PLAYING`, `NOTHING_FOUND`, what looking for it throws
 */
export async function songsMeant(
  context: CommandContext,
  typed: string | undefined,
  most = MOST_SONGS_IN_LIST,
): Promise<Track[]> {
  if (typed === undefined) return [await currentSong(context)];
  countMiss(context);
  const { guildId, services, signal } = context;
  const found = await services.resolve(typed, { guildId, roomIds: roomsOf(context) }, signal);
  if (found.kind === "tracks") return [...found.tracks];
  const songs: Track[] = [];
  for await (const track of found.entries) {
    songs.push(track);
    if (songs.length === most) break;
  }
  if (songs.length === 0) throw new AppError("NOTHING_FOUND");
  return songs;
}

/** Puts songs into a list. @throws {AppError} `NO_SUCH_LIST`, `LIST_FULL` when there is no room for any of them */
export async function addSongs(
  { services: { taste } }: CommandContext,
  { owner, name }: ListPlace,
  tracks: readonly Track[],
): Promise<Added> {
  const added = await taste.lists.add(owner, name, tracks);
  if (!added) throw new AppError("NO_SUCH_LIST");
  if (added.added === 0 && added.left > 0) throw new AppError("LIST_FULL", { most: MOST_SONGS_IN_LIST });
  return added;
}

/** Names of a person's lists, then of the guild's. */
export async function listNamesFor(
  { taste }: Pick<Services, "taste">,
  personId: string,
  guildId: string,
): Promise<readonly string[]> {
  const own = await taste.lists.listsOf({ kind: "person", id: personId });
  const guilds = await taste.lists.listsOf({ kind: "guild", id: guildId });
  return [...own, ...guilds].map(({ name }) => name);
}
