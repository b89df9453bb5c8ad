import { expect, test } from "vitest";
import { AppError } from "../../src/core/errors.ts";
import { cacheKey } from "../../src/core/track.ts";
import { parseQuery, withoutScheme } from "../../src/sources/query.ts";
import type { MediaTarget } from "../../src/sources/source.ts";

const ID = "dQw4w9WgXcQ";
const LIST = "PLrAXtmErZgOeiKm4sgNOknGvNjby9efdf";

function errorOf(text: string): string {
  try {
    parseQuery(text);
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
  return "none";
}

function targetOf(text: string): MediaTarget {
  const query = parseQuery(text);
  if (query.kind !== "track") throw new Error(`${text} is a ${query.kind}`);
  return query.target;
}

test.each([
  ID,
  `  ${ID} `,
  `<https://youtu.be/${ID}>`,
  `youtube.com/watch?v=${ID}`,
  `https://www.youtube.com/watch?v=${ID}&list=${LIST}`,
  `https://youtu.be/${ID} this one please`,
])("%j is the song, at an address built from its ID", (text) => {
  expect(parseQuery(text)).toEqual({
    kind: "track",
    target: { source: "youtube", id: ID, url: `https://www.youtube.com/watch?v=${ID}` },
    startMs: 0,
    ...(text.includes("list=") && { list: { source: "youtube", id: LIST } }),
  });
});

test("a song in a private list is a song without a list", () => {
  expect(parseQuery(`https://www.youtube.com/watch?v=${ID}&list=WL`)).not.toHaveProperty("list");
});

test("a start time is kept", () => {
  expect(parseQuery(`https://youtu.be/${ID}?t=1m5s`)).toMatchObject({ startMs: 65_000 });
});

test("a playlist page is a playlist", () => {
  expect(parseQuery(`https://www.youtube.com/playlist?list=${LIST}`)).toEqual({
    kind: "playlist",
    playlist: { source: "youtube", id: LIST },
    startAt: null,
  });
  expect(parseQuery(`https://www.youtube.com/playlist?list=${LIST}&v=${ID}`)).toMatchObject({
    startAt: { source: "youtube", id: ID },
  });
});

test.each([
  [`youtube.com/watch?v=${ID}`, true],
  [`www.YouTube.com/watch?v=${ID}`, true],
  [`youtu.be/${ID}`, true],
  ["open.spotify.com/track/4uLU6hMCjMI75M1A2tKUQC", true],
  ["band.bandcamp.com/track/x", true],
  ["youtube.com", false],
  ["youtube.com.evil.example/x", false],
  ["evil.example/youtube.com", false],
  ["youtube.com:443/x", false],
])("%s without its scheme: %s", (text, isLink) => {
  expect(withoutScheme(text) !== undefined).toBe(isLink);
});

test("a song of a music service is named only, and can have no key", () => {
  const query = parseQuery("spotify:track:4uLU6hMCjMI75M1A2tKUQC");
  if (query.kind !== "named") throw new Error(query.kind);
  expect(query.target.source).toBe("spotify");
  expect(() => cacheKey(query.target)).toThrow(AppError);
});

test("a list of a music service is a playlist, and a short link stays one", () => {
  expect(parseQuery("<https://www.deezer.com/de/album/302127>")).toEqual({
    kind: "playlist",
    playlist: { source: "deezer", id: "album/302127" },
    startAt: null,
  });
  expect(parseQuery("https://spotify.link/AbCdEf")).toMatchObject({ kind: "short" });
});

test.each([
  ["never gonna  give\nyou up", "never gonna give you up"],
  ["Radioactive", "Radioactive"],
  ["-a/etc/passwd", "-a/etc/passwd"],
  ["AC/DC: Thunderstruck", "AC/DC: Thunderstruck"],
  ["artist:song", "artist:song"],
  ["song from youtube.com/watch", "song from youtube.com/watch"],
  ["https://www.youtube.com/results?search_query=a+b", "a b"],
])("%j is a search for %j", (text, words) => {
  expect(parseQuery(text)).toEqual({ kind: "search", text: words });
});

test("a long search is cut", () => {
  expect(parseQuery("ab ".repeat(500))).toMatchObject({
    kind: "search",
    text: "ab ".repeat(67).slice(0, 200).trim(),
  });
});

test("another address is a direct link with a file-safe key that is the same for the same address", () => {
  const target = targetOf("https://files.example/a/song.mp3?x=1#part");
  expect(target).toMatchObject({ source: "direct", url: "https://files.example/a/song.mp3?x=1" });
  expect(target.id).toMatch(/^[A-Za-z0-9_-]{43}$/u);
  expect(() => cacheKey(target)).not.toThrow();
  expect(targetOf("HTTPS://FILES.example:443/a/song.mp3?x=1").id).toBe(target.id);
  expect(targetOf("https://files.example/a/song.mp3?x=2").id).not.toBe(target.id);
});

test("an address that only looks like YouTube's can never take the key of a video", () => {
  for (const text of [`https://youtube.com.evil.example/watch?v=${ID}`, `https://evil.example/${ID}`]) {
    expect(targetOf(text).source).toBe("direct");
    expect(cacheKey(targetOf(text))).not.toBe(ID);
  }
});

const attachment = (signature: string): string =>
  `https://cdn.discordapp.com/attachments/1/2/song.mp3?ex=${signature}&is=${signature}&hm=${signature}`;

test("a Discord attachment keeps its key when Discord signs its link anew", () => {
  expect(targetOf(attachment("aa")).id).toBe(targetOf(attachment("bb")).id);
  expect(targetOf(attachment("aa")).url).toBe(attachment("aa"));
});

test.each([
  ["", "UNSUPPORTED_LINK"],
  ["<>", "UNSUPPORTED_LINK"],
  ["file:///etc/passwd", "UNSUPPORTED_LINK"],
  ["file:/etc/passwd", "UNSUPPORTED_LINK"],
  ["ftp://host/a.mp3", "UNSUPPORTED_LINK"],
  ["https://", "UNSUPPORTED_LINK"],
  ["https://user:pass@files.example/a.mp3", "UNSUPPORTED_LINK"],
  [`https://youtube.com@evil.example/watch?v=${ID}`, "UNSUPPORTED_LINK"],
  [`https://user@youtube.com/watch?v=${ID}`, "UNSUPPORTED_LINK"],
  [`https://www.youtube.com:8443/watch?v=${ID}`, "UNSUPPORTED_LINK"],
  ["https://www.youtube.com/clip/abc", "UNSUPPORTED_LINK"],
  ["https://open.spotify.com/artist/0gxyHStUsqpMadRV0Di1Qt", "UNSUPPORTED_LINK"],
  ["https://soundcloud.com/somebody", "UNSUPPORTED_LINK"],
  ["https://www.youtube.com/playlist?list=WL", "PLAYLIST_PRIVATE"],
  ["https://www.youtube.com/@RickAstleyYT", "CHANNEL_LINK"],
  [`https://youtu.be/${ID}?x=${"y".repeat(2_000)}`, "UNSUPPORTED_LINK"],
])("%j is refused with %s", (text, code) => {
  expect(errorOf(text)).toBe(code);
});

test("hostile texts of the greatest length are read without running away", () => {
  const hostile = ["a-", "-", "https://youtu.be/", "1h", " \t", "@", "%", "<", "youtube.com/?list="];
  for (const piece of hostile) {
    const text = piece.repeat(Math.floor(2_000 / piece.length));
    expect(() => errorOf(text)).not.toThrow();
    expect(() => errorOf(`https://youtu.be/${ID}?t=${text.slice(0, 1_900)}`)).not.toThrow();
  }
});
