/** How well a recording fits a song that is known by its name alone. No I/O. */
import type { Track } from "../core/track.ts";

/** What of a song is compared. */
export type SongName = Pick<Track, "title" | "artist" | "durationMs">;

/** From here on a recording is taken for the song. Of 100. */
export const GOOD_ENOUGH = 60;

/** Points: the whole is 100. */
const FOR_TITLE = 45;
const FOR_ARTIST = 25;
const FOR_LENGTH = 20;
const FOR_CHANNEL = 10;
const AGAINST_VERSION = 45;
const AGAINST_OTHER_WORD = 4;
const MOST_AGAINST_OTHER_WORDS = 16;

const SAME_LENGTH_MS = 3_000;
const OTHER_LENGTH_MS = 15_000;

/** Words of another version, in titles of songs that are not that version themselves. */
const VERSIONS: readonly RegExp[] = [
  /\blive\b|\bconcert\b|\bunplugged\b/u,
  /\bcover(?:ed)?\b/u,
  /\b(?:re)?mix\b|\bbootleg\b|\bmashup\b|\bflip\b/u,
  /\bsped ?up\b|\bspeed ?up\b/u,
  /\bslowed\b|\breverb\b/u,
  /\bnightcore\b/u,
  /\bkaraoke\b|\bbacking track\b/u,
  /\b8d\b/u,
  /\binstrumental\b/u,
  /\bacoustic\b/u,
  /\breaction\b|\btutorial\b|\blesson\b|\bhow to play\b/u,
  /\b(?:1|10|one|ten) hours?\b|\bloop(?:ed)?\b/u,
];

/** What uploaders add and what shops add: it says nothing about which recording it is. */
const DECORATION =
  /\b(?:official|music|lyrics?|audio|video|visuali[sz]er|hd|hq|4k|uhd|remaster(?:ed)?|explicit|clean|version|edit|mono|stereo|original|prod|mv|m v)\b|\b(?:19|20)\d\d\b/gu;
const GUESTS = /\b(?:feat|ft|featuring)\b\.?/gu;
/** Parts in brackets or behind a dash that name guests, an edition or a film, and not the song. */
const ASIDE =
  /^\s*(?:feat|ft|featuring|with|from)\b|\b(?:remaster(?:ed)?|edit|version|mono|stereo|soundtrack|single|deluxe|bonus)\b/iu;

/**
 * From 0 to 100: the words of the title, those of the artist, the length, and a channel that is the artist's own; less
 * for words of another version and for words that have no business there. 0 when the length is another one.
 */
export function matchScore(song: SongName, found: SongName): number {
  const length = lengthScore(song.durationMs, found.durationMs);
  if (length === undefined) return 0;
  const wanted = wordsOf(withoutAsides(song.title));
  const artists = wordsOf(song.artist);
  const there = allWordsOf(`${found.title} ${found.artist}`);
  const [title, artist] = [shareOf(wanted, there), shareOf(artists, there)];
  // With half of its title missing it is another song; with nothing of its artist it is somebody else's.
  if (title < 0.6 || artist === 0) return 0;
  const score =
    FOR_TITLE * title +
    FOR_ARTIST * artist +
    length +
    (isOwnChannel(artists, found.artist) ? FOR_CHANNEL : 0) -
    AGAINST_VERSION * otherVersions(song, found) -
    againstOtherWords(found, [...wanted, ...artists]);
  return Math.max(0, Math.round(score));
}

/** `undefined` = so far apart that it is another recording. */
function lengthScore(wantedMs: number | null, foundMs: number | null): number | undefined {
  // Unknown is half of what is right: neither proof nor doubt.
  if (wantedMs === null || foundMs === null) return FOR_LENGTH / 2;
  const apartMs = Math.abs(wantedMs - foundMs);
  if (apartMs > OTHER_LENGTH_MS) return undefined;
  const over = Math.max(0, apartMs - SAME_LENGTH_MS) / (OTHER_LENGTH_MS - SAME_LENGTH_MS);
  return FOR_LENGTH * (1 - over);
}

/** Kinds of version that one title names and the other does not. */
function otherVersions(song: SongName, found: SongName): number {
  const [wanted, there] = [plain(song.title), plain(found.title)];
  return VERSIONS.filter((version) => version.test(wanted) !== version.test(there)).length;
}

/** YouTube names the channels that labels fill by themselves `Artist - Topic`. */
function isOwnChannel(artists: readonly string[], channel: string): boolean {
  const name = plain(channel)
    .replace(/ (?:topic|vevo|official)$/u, "")
    .replace(/vevo$/u, "");
  const owner = name.replaceAll(" ", "");
  return owner !== "" && artists.join("").startsWith(owner);
}

function againstOtherWords(found: SongName, known: readonly string[]): number {
  const others = wordsOf(withoutAsides(found.title)).filter((word) => !known.includes(word));
  return Math.min(AGAINST_OTHER_WORD * others.length, MOST_AGAINST_OTHER_WORDS);
}

/** Share of the words that are among others, 0 to 1; no words at all are half known. */
function shareOf(words: readonly string[], others: readonly string[]): number {
  return words.length === 0 ? 0.5 : words.filter((word) => others.includes(word)).length / words.length;
}

/** A title without its {@link ASIDE}s; the first part stays whatever it says. */
function withoutAsides(title: string): string {
  const open = title.replaceAll(/[([]([^()[\]]*)[)\]]/gu, (whole, inside: string) =>
    ASIDE.test(inside) ? " " : whole,
  );
  const guestless = open.replace(/\s(?:feat|ft)\.?\s.*$/iu, "");
  const [first = "", ...rest] = guestless.split(" - ");
  const kept = [first, ...rest.filter((part) => !ASIDE.test(part))].join(" - ");
  return kept.trim() === "" ? title : kept;
}

/** The telling words, each once; when all of them are decoration, they tell all the same. */
function wordsOf(text: string): string[] {
  const telling = allWordsOf(plain(text).replaceAll(GUESTS, " ").replaceAll(DECORATION, " "));
  return telling.length > 0 ? telling : allWordsOf(text);
}

function allWordsOf(text: string): string[] {
  return [...new Set(plain(text).split(" "))].filter((word) => word !== "");
}

/** Small letters without accents and punctuation. */
function plain(text: string): string {
  return text
    .normalize("NFKD")
    .replaceAll(/[\p{M}'’]/gu, "")
    .toLowerCase()
    .replaceAll("&", " and ")
    .replaceAll(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}
