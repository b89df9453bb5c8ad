/** Favourites and playlists as messages. */
import type { Added, SavedList } from "../core/saved-list.ts";
import { FAVOURITES } from "../core/saved-list.ts";
import type { Track } from "../core/track.ts";
import { formatDuration } from "../core/format.ts";
import type { Texts } from "../texts/texts.ts";
import type { CommandContext } from "./context.ts";
import { pageButtons } from "./page-buttons.ts";
import type { Panel } from "./panel.ts";
import type { ListPlace } from "./saved-lists.ts";
import { songTitle } from "./song-panels.ts";
import { plain } from "./text.ts";

const PER_PAGE = 10;

/** What a list is called in a sentence, safe to show. */
export function listName({ name }: Pick<ListPlace, "name">, { lists }: Texts): string {
  return name === FAVOURITES ? lists.favourites : plain(name);
}

/**
 * One page of a list.
 * @param view `about` comes back with the presses of its pages
 */
export async function listPanel(
  context: CommandContext,
  place: ListPlace,
  songs: readonly Track[],
  view: { readonly command: string; readonly page: number; readonly about?: string },
): Promise<Panel> {
  const { texts } = context;
  const { lists } = texts;
  const pages = Math.max(1, Math.ceil(songs.length / PER_PAGE));
  const page = Math.min(Math.max(1, view.page), pages);
  const first = (page - 1) * PER_PAGE;
  const shown = songs.slice(first, first + PER_PAGE);
  const rows = await Promise.all(shown.map((track, index) => row(context, track, first + index + 1)));
  const title = lists.title({ name: listName(place, texts), held: songs.length });
  const empty = place.name === FAVOURITES ? lists.favouritesEmpty : lists.empty;
  return {
    tone: "info",
    title: [title, ...(place.owner.kind === "guild" ? [lists.ofServer] : []), ...length(songs)].join(" · "),
    lines: songs.length === 0 ? [empty] : rows,
    footer: lists.legend,
    ...(pages > 1 && {
      buttons: pageButtons(
        view.command,
        { page, pages, ...(view.about !== undefined && { about: view.about }) },
        texts,
      ),
    }),
  };
}

async function row({ services, guildId }: CommandContext, track: Track, number: number): Promise<string> {
  const mark = (await services.cached(track, guildId)) ? "⚡ " : "";
  const time = track.durationMs === null ? "" : ` · ${formatDuration(track.durationMs)}`;
  return `${number}\\. ${mark}${songTitle(track)}${time}`;
}

function length(songs: readonly Track[]): string[] {
  const totalMs = songs.reduce((sum, { durationMs }) => sum + (durationMs ?? 0), 0);
  return totalMs > 0 ? [formatDuration(totalMs)] : [];
}

const LISTS_PER_PAGE = 20;

/** One page of all lists that a person can play here; its buttons are those of `playlist`. */
export function listsPanel(
  { own, guilds }: { readonly own: readonly SavedList[]; readonly guilds: readonly SavedList[] },
  wanted: number,
  texts: Texts,
): Panel {
  const { lists } = texts;
  const count = own.length + guilds.length;
  const pages = Math.max(1, Math.ceil(count / LISTS_PER_PAGE));
  const page = Math.min(Math.max(1, wanted), pages);
  const [first, last] = [(page - 1) * LISTS_PER_PAGE, page * LISTS_PER_PAGE];
  const entries = (title: string, these: readonly SavedList[]): string[] =>
    these.length === 0 ? [] : [title, ...these.map((list) => `- ${listEntry(list, texts)}`)];
  const lines = [
    ...entries(lists.yours, own.slice(first, last)),
    ...entries(
      lists.theServers,
      guilds.slice(Math.max(0, first - own.length), Math.max(0, last - own.length)),
    ),
  ];
  return {
    tone: "info",
    title: lists.all,
    lines: lines.length === 0 ? [lists.none] : lines,
    ...(pages > 1 && { buttons: pageButtons("playlist", { page, pages }, texts) }),
  };
}

function listEntry({ name, songs: held, durationMs }: SavedList, { lists }: Texts): string {
  const time = durationMs > 0 ? [formatDuration(durationMs)] : [];
  return [lists.entry({ name: plain(name), held }), ...time].join(" · ");
}

/** What became of songs that were added; one of them is named. */
export function addedPanel(
  name: string,
  tracks: readonly Track[],
  { added, known, left, unknown = 0 }: Added & { readonly unknown?: number },
  { lists }: Texts,
): Panel {
  const [track] = tracks;
  const one = tracks.length === 1 && added === 1 && track;
  const what = one ? lists.addedOne({ song: songTitle(track), name }) : lists.addedMany({ added, name });
  return {
    tone: added > 0 ? "done" : "info",
    lines: [
      what,
      ...(known > 0 ? [lists.known({ known })] : []),
      ...(left > 0 ? [lists.left({ left })] : []),
      ...(unknown > 0 ? [lists.unknown({ unknown })] : []),
    ],
  };
}
