/** Makes a title for a file that says nothing about itself. */

const MOST_CHARACTERS = 200;

/** From the file name in `Content-Disposition`, else from the address, else the host. */
export function fileTitle(url: URL, contentDisposition: string | undefined): string {
  const names = [dispositionName(contentDisposition ?? ""), decoded(url.pathname.split("/").at(-1) ?? "")];
  return names.map(cleanTitle).find((title) => title !== "") ?? url.hostname;
}

/** The file name of RFC 6266; the extended form of RFC 8187 goes first. */
function dispositionName(header: string): string {
  const short = header.slice(0, 1_000);
  const extended = /filename\*=utf-8'[^']{0,20}'([^;\s]{1,600})/iu.exec(short)?.[1];
  if (extended !== undefined) return decoded(extended);
  const plain = /filename="([^"]{1,600})"/iu.exec(short) ?? /filename=([^;\s"]{1,600})/iu.exec(short);
  return plain?.[1] ?? "";
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** One line without control characters, direction marks, folders and the ending of a media file. */
function cleanTitle(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, " ")
    .replace(/^.*[/\\]/u, "")
    .replace(/\.(?:mp3|m4a|m4b|mp4|aac|ogg|oga|opus|flac|wav|webm|mka|mkv|weba|aiff?|wma)$/iu, "")
    .replaceAll(/\s+/gu, " ")
    .trim()
    .slice(0, MOST_CHARACTERS);
}
