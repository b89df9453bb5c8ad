// Which recording a file of an older cache is, by its name alone.

/** What a name tells. */
export type NamedFile =
  | {
      readonly status: "named";
      readonly id: string;
      /** `undefined` = the name has none. */
      readonly title: string | undefined;
      /** Its loudness has been changed already. */
      readonly isNormalized: boolean;
    }
  /** Named by the hash of its ID: it takes a list of IDs to know which. */
  | { readonly status: "hashed"; readonly hash: string }
  | { readonly status: "unfinished" | "unnamed" | "foreign" };

const ID = /^[\w-]{11}$/u;
/** muse names its files by the SHA-512 of the ID, in hexadecimal and without an extension. */
const MUSE_NAME = /^[0-9a-f]{128}$/u;
/** MusicBot: extractor, ID, title, hash of the query (empty for YouTube), each after a hyphen. */
const MUSICBOT_NAME = /^youtube-(?<id>[\w-]{11})(?:-(?<title>.*?))?(?:-[0-9a-f]{8}|-)?$/u;
const OTHER_EXTRACTOR =
  /^(?:soundcloud|bandcamp|vimeo|generic|twitch|spotify|bilibili|niconico|mixcloud)[:-]/iu;
/** yt-dlp's own way: the ID in brackets at the end. */
const BRACKETED = /^(?<title>.*?) ?\[(?<id>[\w-]{11})\]$/u;
const UNFINISHED = /\.(?:part|ytdl|te?mp|crdownload)(?:-Frag\d+)?$/iu;
const EXTENSION = /\.[a-z0-9]{1,5}$/iu;
const NORMALIZED = /[-_. ](?:normali[sz]ed|loudnorm|norm)$/iu;
const NORMALIZED_FOLDER = /^(?:normali[sz]ed|loudnorm)/iu;
/** What file managers and downloaders add: ` (1)`, `.f251`. */
const COPY_MARK = / ?\(\d{1,3}\)$|\.f\d{1,4}$/u;
/** What bots add so that two downloads of one song do not meet. */
const RANDOM_SUFFIX = /[-_.](?:[A-Za-z0-9]{3,16}|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})$/u;

/**
 * Reads a path relative to the old cache's folder, with `/` between its parts. An ID beside a title is believed when
 * it is among the known ones or looks random, as IDs are: eleven letters of a title must not become a recording.
 */
export function readName(relativePath: string, isKnown: (id: string) => boolean): NamedFile {
  const parts = relativePath.split("/");
  const name = parts.at(-1) ?? "";
  if (UNFINISHED.test(name) || parts.at(-2) === "tmp") return { status: "unfinished" };
  if (MUSE_NAME.test(name)) return { status: "hashed", hash: name };
  if (OTHER_EXTRACTOR.test(name)) return { status: "foreign" };
  const { stem, isMarked } = stripped(name);
  const isNormalized = isMarked || parts.slice(0, -1).some((folder) => NORMALIZED_FOLDER.test(folder));
  const found = shaped(MUSICBOT_NAME, stem) ?? wholeName(stem, isKnown) ?? best(candidates(stem), isKnown);
  if (!found) return { status: "unnamed" };
  return { status: "named", id: found.id, title: readableTitle(found.title), isNormalized };
}

/** Without extension, marks of copies and of normalizing, however many there are. */
function stripped(name: string): { readonly stem: string; readonly isMarked: boolean } {
  let stem = ID.test(name) ? name : name.replace(EXTENSION, "");
  let isMarked = false;
  for (let before = ""; before !== stem;) {
    before = stem;
    stem = stem.replace(COPY_MARK, "");
    if (NORMALIZED.test(stem)) isMarked = true;
    stem = stem.replace(NORMALIZED, "");
  }
  return { stem, isMarked };
}

interface Candidate {
  readonly id: string;
  readonly title: string;
}

/** Shapes that leave little doubt: only plain words are not taken for an ID. */
function wholeName(stem: string, isKnown: (id: string) => boolean): Candidate | undefined {
  const found = shaped(/^(?<id>[\w-]{11})(?:\.|$)/u, stem) ?? shaped(BRACKETED, stem);
  return found && (isKnown(found.id) || randomness(found.id) > 0) ? found : undefined;
}

function shaped(shape: RegExp, stem: string): Candidate | undefined {
  const { id, title = "" } = shape.exec(stem)?.groups ?? {};
  return id === undefined ? undefined : { id, title };
}

/** Eleven characters at the start or at the end, apart from the rest; the same without a random suffix. */
function candidates(stem: string): Candidate[] {
  const short = stem.replace(RANDOM_SUFFIX, "");
  const found: Candidate[] = [];
  for (const text of new Set([stem, short])) {
    const atEnd = /^(?<title>.*)[-_. ](?<id>[\w-]{11})$/u.exec(text)?.groups;
    if (atEnd) found.push({ id: atEnd["id"] ?? "", title: atEnd["title"] ?? "" });
    if (ID.test(text)) found.push({ id: text, title: "" });
  }
  const atStart = /^(?<id>[\w-]{11})[-_. ~+]/u.exec(stem)?.groups?.["id"];
  if (atStart !== undefined) found.push({ id: atStart, title: "" });
  return found;
}

function best(found: readonly Candidate[], isKnown: (id: string) => boolean): Candidate | undefined {
  const looks = (least: number, end: RegExp) => (candidate: Candidate) =>
    randomness(candidate.id) >= least && end.test(candidate.id);
  return (
    found.find(({ id }) => isKnown(id)) ??
    found.find(looks(LEAST_RANDOMNESS, POSSIBLE_END)) ??
    found.find(looks(LEAST_RANDOMNESS + 1, /$/u))
  );
}

/** An ID is 64 bits in base64url: the last of its eleven characters carries four of them, so it is one of sixteen. */
const POSSIBLE_END = /[AEIMQUYcgkosw048]$/u;
/** Words seldom have two such changes in eleven characters; about 1 in 100 random IDs has less. */
const LEAST_RANDOMNESS = 2;

/** How often small letter, capital and digit follow each other inside a word; a word may begin with a capital. */
function randomness(id: string): number {
  return id
    .split(/[-_]/u)
    .flatMap((word) =>
      word.replace(/^[A-Z](?=[a-z])/u, "").match(/[a-z](?=[A-Z0-9])|[A-Z](?=[a-z0-9])|[0-9](?=[A-Za-z])/gu),
    )
    .filter((change) => change !== null).length;
}

const MAX_TITLE = 200;

function readableTitle(title: string): string | undefined {
  const words = title
    .replaceAll(/[\p{Cc}\p{Cf}_]+/gu, " ")
    .replaceAll(/ +/gu, " ")
    .replaceAll(/^[ .-]+|[ .-]+$/gu, "");
  return words === "" ? undefined : words.slice(0, MAX_TITLE).toWellFormed();
}
