/** What settings may name: extractors and services. */
import { isSite, type Site } from "../core/sites.ts";
import { parseHttpUrl, parseList } from "./values.ts";

export const EXTRACTOR_NAMES = ["yt-dlp", "youtubei", "ytdl-core"] as const;

/** A program or library that can fetch from YouTube. */
export type ExtractorName = (typeof EXTRACTOR_NAMES)[number];

export const SERVICE_NAMES = [
  "spotify",
  "apple",
  "deezer",
  "short-links",
  "suggestions",
  "lrclib",
  "sponsorblock",
] as const;

/** Addresses of services beside the sources of audio. */
export type ServiceUrls = Readonly<Partial<Record<(typeof SERVICE_NAMES)[number], string>>>;

/** `undefined` = there is another word among them. */
export function parseSites(text: string): readonly Site[] | undefined {
  const names = parseList(text, isSite);
  return names?.filter(isSite);
}

/** Extractors in the order in which they are to be tried; `undefined` = there is another word among them, or none. */
export function parseExtractors(text: string): readonly ExtractorName[] | undefined {
  const names = parseList(text, (item) => (EXTRACTOR_NAMES as readonly string[]).includes(item));
  return names?.length ? (names as readonly ExtractorName[]) : undefined;
}

/** `name=address`, separated by commas. */
export function parseServiceUrls(text: string): ServiceUrls | undefined {
  const urls: Record<string, string> = {};
  for (const pair of parseList(text, () => true) ?? []) {
    const [name = "", ...address] = pair.split("=");
    const url = parseHttpUrl(address.join("="));
    if (!(SERVICE_NAMES as readonly string[]).includes(name) || url === undefined) return undefined;
    urls[name] = url;
  }
  return urls;
}
