import { expect, test } from "vitest";
import { cacheKey } from "../../src/core/track.ts";
import { parseSiteUrl, siteListUrl, siteUrl } from "../../src/sources/site-links.ts";
import type { SiteLink } from "../../src/sources/site-links.ts";
import type { MediaTarget } from "../../src/sources/source.ts";

const parse = (text: string): SiteLink | undefined => parseSiteUrl(new URL(text));

function target(text: string): MediaTarget {
  const link = parse(text);
  if (link?.kind !== "track") throw new Error(`${text} is ${link?.kind}`);
  return link.target;
}

test.each([
  ["https://soundcloud.com/daft-punk/around-the-world", "https://soundcloud.com/daft-punk/around-the-world"],
  [
    "https://m.soundcloud.com/Daft-Punk/Around-The-World?si=1&utm_source=x",
    "https://soundcloud.com/daft-punk/around-the-world",
  ],
  ["https://www.soundcloud.com/a_b/c1/", "https://soundcloud.com/a_b/c1"],
  ["https://soundcloud.com/a/b/s-AbC123", "https://soundcloud.com/a/b/s-AbC123"],
  ["https://some-band.bandcamp.com/track/a-song?from=x", "https://some-band.bandcamp.com/track/a-song"],
])("%s is the song at %s", (text, url) => {
  const found = target(text);
  expect(found.url).toBe(url);
  expect(siteUrl(found)).toBe(url);
  expect(cacheKey(found)).toMatch(/^(?:soundcloud|bandcamp)\.[\w-]{43}$/u);
});

test("spellings of one song have one key, songs of one name by others have their own", () => {
  expect(target("https://m.soundcloud.com/A/B?x=1")).toEqual(target("https://soundcloud.com/a/b"));
  const others = [
    "https://soundcloud.com/a/c",
    "https://soundcloud.com/a/b/s-x1",
    "https://a.bandcamp.com/track/b",
  ];
  const ids = new Set([...others, "https://soundcloud.com/a/b"].map((text) => target(text).id));
  expect(ids.size).toBe(4);
});

test("an album of Bandcamp is a list", () => {
  const list = { source: "bandcamp", id: "some-band/album/the-album" };
  expect(parse("https://some-band.bandcamp.com/album/The-Album")).toEqual({ kind: "list", list });
  expect(siteListUrl(list)).toBe("https://some-band.bandcamp.com/album/the-album");
});

test("a short link of SoundCloud is one", () => {
  const url = new URL("https://on.soundcloud.com/AbC12");
  expect(parseSiteUrl(url)).toEqual({ kind: "short", url });
});

test.each([
  "https://soundcloud.com/",
  "https://soundcloud.com/daft-punk",
  "https://soundcloud.com/daft-punk/sets/homework",
  "https://soundcloud.com/daft-punk/likes",
  "https://soundcloud.com/discover/sets",
  "https://soundcloud.com/search/sounds",
  "https://soundcloud.com/a/b/c",
  "https://soundcloud.com/a/b/s-x/y",
  "https://soundcloud.com/a/%2e%2e",
  "https://soundcloud.com/a/b%20--exec",
  "https://band.bandcamp.com/",
  "https://band.bandcamp.com/music",
  "https://band.bandcamp.com/track/a/b",
  "https://www.bandcamp.com/track/a",
])("%s is nothing that can be played", (text) => {
  expect(parse(text)).toEqual({ kind: "other" });
});

test.each([
  "https://soundcloud.com.evil.example/a/b",
  "https://user@soundcloud.com/a/b",
  "https://soundcloud.com:8443/a/b",
  "https://evil.example/soundcloud.com/a/b",
  "https://api.soundcloud.com/tracks/1",
  "https://bandcamp.com/album/x",
  "https://a.b.bandcamp.com/track/x",
  "ftp://soundcloud.com/a/b",
])("%s is none of these sites", (text) => {
  expect(parse(text)).toBeUndefined();
});

test("no address but one of its own leads to a program", () => {
  const song = target("https://soundcloud.com/a/b");
  const wrong = [
    { ...song, url: "https://evil.example/a/b" },
    { ...song, url: "--exec=id" },
    { ...song, url: "file:///etc/passwd" },
    { ...song, url: "https://soundcloud.com/a/c" },
    { ...song, source: "bandcamp" },
    { ...song, id: "x" },
  ];
  for (const one of wrong) expect(() => siteUrl(one)).toThrow(expect.objectContaining({ code: "UNSAFE_ID" }));
  for (const id of ["", "a/album/", "a/album/b/c", "a.evil/album/b", "../album/x", "a/album/b?x"])
    expect(() => siteListUrl({ source: "bandcamp", id })).toThrow(
      expect.objectContaining({ code: "UNSAFE_ID" }),
    );
});
