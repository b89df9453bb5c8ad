/** Reads what radio stations hand out instead of their stream: lists of addresses. No I/O. */

/** Mirrors of one station; nobody needs more of them. */
const MOST_ADDRESSES = 8;

/** True for a list of addresses by what a server calls it, or by its name where the server says nothing telling. */
export function isStreamList(type: string, path: string): boolean {
  if (
    /^(?:audio\/(?:x-)?(?:mpegurl|scpls)|application\/(?:pls\+xml|(?:x-|vnd\.apple\.)mpegurl))/iu.test(type)
  )
    return true;
  const isVague =
    type === "" || /^(?:text\/plain|application\/octet-stream|binary\/octet-stream)/iu.test(type);
  return isVague && /\.(?:pls|m3u8?)$/iu.test(path);
}

/** Addresses of a `.pls` (`File1=…`) or an `.m3u` (a line each), in their order; relative ones belong to `base`. */
export function parseStreamList(text: string, base: URL): URL[] {
  const isPls = /^\s*\[playlist\]/iu.test(text);
  const lines = text.split(/\r\n|\r|\n/u).map((line) => line.trim());
  const written = isPls
    ? lines.flatMap((line) => /^File\d{1,3}\s*=\s*(.+)$/iu.exec(line)?.[1] ?? [])
    : lines.filter((line) => line !== "" && !line.startsWith("#"));
  return written.slice(0, MOST_ADDRESSES).flatMap((address) => URL.parse(address, base.href) ?? []);
}
