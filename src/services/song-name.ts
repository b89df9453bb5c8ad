/** What a song is called, without what uploaders write around it. */
import type { Track } from "../core/track.ts";

/** A song as a catalogue of music names it. */
export interface SongName {
  readonly title: string;
  /** Empty when unknown. */
  readonly artist: string;
}

const MOST_CHARACTERS = 200;
/** Words that say something about the upload, not about the song. */
const ABOUT_THE_UPLOAD =
  /\b(?:official|video ?clip|music video|lyrics?|lyric video|audio|visuali[sz]er|clip officiel|videoclip|full hd|hd|hq|4k|8k|m\/?v|remaster(?:ed)?|color coded|explicit|clean version|with lyrics|letra|sub(?:bed|titulado|titles?)|out now|premiere|free download|karaoke version)\b/iu;
const IN_BRACKETS = /[([{【「『][^()[\]{}【】「」『』]{0,100}[)\]}】」』]/gu;
const FEATURING = /(?:^|\s)[([]?\s*(?:feat|ft|featuring)\b\.?\s[^)\]]{1,100}[)\]]?/iu;
/** `YOASOBI「アイドル」`: the artist, and the title in the quotation marks of the language. */
const QUOTED = /^([^「『]{1,100})[「『]([^「」『』]{1,100})[」』]/u;
/** A dash with blanks around it stands between artist and title. */
const DASH = /\s+[-–—]\s+/u;
/** YouTube's own channels of artists, and those of their labels. */
const CHANNEL_ENDING = /\s*(?:- Topic|VEVO|\bOfficial(?: Channel)?)$/iu;

/** The name to look a recording up by. */
export function songName({ title, artist }: Pick<Track, "title" | "artist">): SongName {
  const channel = artist.slice(0, MOST_CHARACTERS).replace(CHANNEL_ENDING, "").trim();
  const [, by = "", quoted] = QUOTED.exec(title.slice(0, MOST_CHARACTERS)) ?? [];
  if (quoted !== undefined) return named(quoted, by);
  const [first = "", second = "", ...rest] = withoutUpload(title.slice(0, MOST_CHARACTERS))
    .split(DASH)
    .filter((part) => !isAboutUpload(part));
  if (second === "" || rest.length > 0) return named(tidy(title, [first, second, ...rest]), channel);
  // "Title – Artist" is rare; then the channel tells.
  return isSame(second, channel) ? named(first, channel) : named(second, first);
}

function named(title: string, artist: string): SongName {
  return { title: withoutGuests(title), artist: withoutGuests(artist) };
}

/** More than two parts tell nothing: they are put together again. */
function tidy(title: string, parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join(" - ") || title.trim();
}

function withoutUpload(title: string): string {
  const bare = title.replaceAll(IN_BRACKETS, (bracket) => (ABOUT_THE_UPLOAD.test(bracket) ? " " : bracket));
  // What stands behind a bar is the series, the label or the channel.
  const [front = ""] = bare.split(/\s[|｜]\s/u);
  return (front.trim() === "" ? bare : front).replaceAll(/\s+/gu, " ").trim();
}

/** "Remastered 2011", "Official Video", but not "Video Killed the Radio Star". */
function isAboutUpload(part: string): boolean {
  return /^(?:\d{4} )?(?:digital(?:ly)? )?(?:remaster(?:ed)?|official|lyrics?|audio)\b(?: \w+){0,2}$/iu.test(
    part.trim(),
  );
}

function withoutGuests(text: string): string {
  return text.replace(FEATURING, "").replaceAll(/\s+/gu, " ").trim() || text.trim();
}

function isSame(a: string, b: string): boolean {
  return b !== "" && lettersOf(a) === lettersOf(b);
}

function lettersOf(text: string): string {
  return text
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, "");
}
