/** Names of songs and lists on Apple Music, from the data that its pages carry for its own scripts. */
import { setImmediate as nextTurn } from "node:timers/promises";
import { z } from "zod";
import type { Track } from "../core/track.ts";
import { appleSong } from "./music-links.ts";
import { existing, namedSong, type Namer, parseJson, scriptOf, unreadable } from "./named-song.ts";
import type { SideService } from "./side-service.ts";
import type { MediaTarget } from "./source.ts";

const PICTURE = z.object({ dictionary: z.object({ url: z.string() }) });

/** A row of a list of songs, wherever in the page it is. */
const ROW = z.object({
  title: z.string(),
  artistName: z.string(),
  /** In milliseconds. */
  duration: z.number(),
  contentDescriptor: z.object({
    kind: z.literal("song"),
    identifiers: z.object({ storeAdamID: z.union([z.string(), z.number()]).transform(String) }),
  }),
  artwork: PICTURE.nullish().catch(null),
});

/** What a song's page tells search engines. https://schema.org/MusicComposition */
const SCHEMA = z.object({
  name: z.string(),
  audio: z.object({
    byArtist: z.array(z.object({ name: z.string() })).catch([]),
    duration: z.string().optional().catch(undefined),
    thumbnailUrl: z.string().optional().catch(undefined),
  }),
});

const SONGS_A_TURN = 50;
/** Values of a page that are looked at; a page of 100 songs has about 20,000. */
const MOST_VALUES = 200_000;

export function createAppleMusic(service: SideService): Namer {
  return {
    name: "apple",
    serves: (source) => source === "apple",
    resolve: async (target, signal) => {
      const { text } = existing(await service.read(new URL(target.url).pathname, signal), "song");
      const song =
        fromSchema(target, text) ?? songsOf(text, countryOf(target)).find(({ id }) => id === target.id);
      if (!song) throw unreadable("Apple Music");
      return song;
    },
    playlist: async function* (list, range, signal) {
      const { text } = existing(await service.read(`/${list.id}`, signal), "list");
      let number = 0;
      for (const song of songsOf(text, list.id.slice(0, 2))) {
        number += 1;
        if (number >= range.from) yield song;
        if (number >= range.from - 1 + range.limit) return;
        // Reading a long page in one go would make frames late.
        if (number % SONGS_A_TURN === 0) await nextTurn();
      }
      if (number === 0) throw unreadable("Apple Music");
    },
  };
}

function countryOf({ url }: MediaTarget): string {
  return new URL(url).pathname.slice(1, 3);
}

function fromSchema(target: MediaTarget, html: string): Track | undefined {
  const song = SCHEMA.safeParse(parseJson(scriptOf(html, "schema:song"))).data;
  if (!song || song.audio.byArtist.length === 0) return undefined;
  return namedSong(target, {
    title: song.name,
    artists: song.audio.byArtist.map(({ name }) => name),
    durationMs: parseIsoDuration(song.audio.duration ?? ""),
    pictureUrl: song.audio.thumbnailUrl,
  });
}

/** `PT3M49S`, `PT1H2M` in milliseconds. https://schema.org/Duration */
function parseIsoDuration(text: string): number | null {
  const parts = /^PT(?:(\d{1,3})H)?(?:(\d{1,4})M)?(?:(\d{1,6})(?:\.\d+)?S)?$/u.exec(text);
  if (!parts) return null;
  const [hours = 0, minutes = 0, seconds = 0] = parts.slice(1).map((part) => Number(part ?? 0));
  return (hours * 3_600 + minutes * 60 + seconds) * 1_000;
}

/** Songs of a page in the order in which they are shown, each once. */
function* songsOf(html: string, country: string): Generator<Track, void, undefined> {
  const seen = new Set<string>();
  for (const value of valuesIn(parseJson(scriptOf(html, "serialized-server-data")))) {
    // A page has so many values that a closer look at each would take time from those who listen.
    const row = "contentDescriptor" in value && "artistName" in value ? ROW.safeParse(value).data : undefined;
    const target = row && appleSong(row.contentDescriptor.identifiers.storeAdamID, country);
    if (!target || seen.has(target.id)) continue;
    seen.add(target.id);
    const { title, artistName, duration: durationMs, artwork } = row;
    const pictureUrl = artwork?.dictionary.url
      .replace("{w}x{h}", "300x300")
      .replace("{c}", "bb")
      .replace("{f}", "jpg");
    yield namedSong(target, { title, artists: [artistName], durationMs, pictureUrl });
  }
}

/** All objects inside a value, outer ones first: where the rows are has changed with each redesign of the page. */
function* valuesIn(value: unknown): Generator<object, void, undefined> {
  const waiting: unknown[] = [value];
  for (let seen = 0; waiting.length > 0 && seen < MOST_VALUES; seen += 1) {
    const next = waiting.pop();
    if (typeof next !== "object" || next === null) continue;
    yield next;
    waiting.push(...Object.values(next).toReversed());
  }
}
