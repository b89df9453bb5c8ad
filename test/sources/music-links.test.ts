import { expect, test } from "vitest";
import { parseMusicUrl } from "../../src/sources/music-links.ts";
import type { MusicLink } from "../../src/sources/music-links.ts";

const SONG = "4uLU6hMCjMI75M1A2tKUQC";
const LIST = "37i9dQZF1DXcBWIGoYBM5M";

const parse = (text: string): MusicLink | undefined => parseMusicUrl(new URL(text));
const song = (source: string, id: string, url: string): MusicLink => ({
  kind: "song",
  target: { source, id, url },
});
const list = (source: string, id: string): MusicLink => ({ kind: "list", list: { source, id } });

test.each([
  `https://open.spotify.com/track/${SONG}`,
  `https://open.spotify.com/track/${SONG}?si=0123456789abcdef&context=x`,
  `https://open.spotify.com/intl-de/track/${SONG}`,
  `https://open.spotify.com/intl-pt-BR/track/${SONG}/`,
  `https://open.spotify.com/embed/track/${SONG}?utm_source=generator`,
  `http://play.spotify.com/track/${SONG}`,
  `spotify:track:${SONG}`,
  `spotify://track/${SONG}`,
])("%s is that song of Spotify", (text) => {
  expect(parse(text)).toEqual(song("spotify", SONG, `https://open.spotify.com/track/${SONG}`));
});

test.each([
  [`https://open.spotify.com/playlist/${LIST}?si=x`, `playlist/${LIST}`],
  [`https://open.spotify.com/intl-fr/album/${LIST}`, `album/${LIST}`],
  [`https://open.spotify.com/user/some.body/playlist/${LIST}`, `playlist/${LIST}`],
  [`spotify:user:somebody:playlist:${LIST}`, `playlist/${LIST}`],
  [`spotify:album:${LIST}`, `album/${LIST}`],
])("%s is the list %s of Spotify", (text, id) => {
  expect(parse(text)).toEqual(list("spotify", id));
});

test.each([
  ["https://music.apple.com/de/album/around-the-world/1440857781?i=1440857786", "de"],
  ["https://music.apple.com/us/album/1440857781?i=1440857786&l=es", "us"],
  ["https://music.apple.com/gb/song/around-the-world/1440857786", "gb"],
  ["https://music.apple.com/song/1440857786", "us"],
  ["https://geo.music.apple.com/jp/album/_/1440857781?i=1440857786&mt=1", "jp"],
  ["https://embed.music.apple.com/us/song/1440857786", "us"],
  ["https://itunes.apple.com/us/album/x/id1440857781?i=1440857786", "us"],
])("%s is that song of Apple Music in the shop of %s", (text, country) => {
  const url = `https://music.apple.com/${country}/song/1440857786`;
  expect(parse(text)).toEqual(song("apple", "1440857786", url));
});

test.each([
  ["https://music.apple.com/us/album/homework/1440857781", "us/album/1440857781"],
  ["https://itunes.apple.com/fr/album/homework/id1440857781", "fr/album/1440857781"],
  [
    "https://music.apple.com/us/playlist/todays-hits/pl.f4d106fed2bd41149aaacabb233eb5eb",
    "us/playlist/pl.f4d106fed2bd41149aaacabb233eb5eb",
  ],
  ["https://music.apple.com/at/playlist/mine/pl.u-XkD0vYJs3bJdR8", "at/playlist/pl.u-XkD0vYJs3bJdR8"],
])("%s is the list %s of Apple Music", (text, id) => {
  expect(parse(text)).toEqual(list("apple", id));
});

test.each([
  "https://www.deezer.com/track/3135556",
  "https://www.deezer.com/en/track/3135556?utm_source=deezer",
  "https://deezer.com/en-gb/track/3135556",
  "https://widget.deezer.com/widget/dark/track/3135556",
])("%s is that song of Deezer", (text) => {
  expect(parse(text)).toEqual(song("deezer", "3135556", "https://www.deezer.com/track/3135556"));
});

test.each([
  ["https://www.deezer.com/de/album/302127", "album/302127"],
  ["https://www.deezer.com/playlist/908622995", "playlist/908622995"],
])("%s is the list %s of Deezer", (text, id) => {
  expect(parse(text)).toEqual(list("deezer", id));
});

test.each([
  "https://spotify.link/AbCdEf",
  "https://spotify.app.link/AbCdEf?_p=x",
  "https://link.deezer.com/s/31wzr6GR8ESjSz0mD4z91",
  "https://deezer.page.link/AbCdEf",
])("%s is a short link", (text) => {
  expect(parse(text)).toEqual({ kind: "short", url: new URL(text) });
});

test.each([
  "https://open.spotify.com/",
  "https://open.spotify.com/artist/4tZwfgrHOc3mvqYlEYSvVi",
  "https://open.spotify.com/episode/43cbJh4ccRD7lzM2730YK3",
  "https://open.spotify.com/track/short",
  `https://open.spotify.com/track/${SONG}extra`,
  "https://open.spotify.com/track/..%2F..%2Fapi",
  "https://music.apple.com/us/artist/daft-punk/5468295",
  "https://music.apple.com/us/album/x/not-a-number",
  "https://music.apple.com/us/playlist/x/pl.",
  "https://music.apple.com/us/album/x/1?i=--exec",
  "https://www.deezer.com/artist/27",
  "https://www.deezer.com/track/3135556a",
  "spotify:artist:4tZwfgrHOc3mvqYlEYSvVi",
  "spotify:",
])("%s is nothing that can be played", (text) => {
  expect(parse(text)).toEqual({ kind: "other" });
});

test.each([
  `https://open.spotify.com.evil.example/track/${SONG}`,
  `https://user@open.spotify.com/track/${SONG}`,
  `https://open.spotify.com:8443/track/${SONG}`,
  `https://evil.example/open.spotify.com/track/${SONG}`,
  `ftp://open.spotify.com/track/${SONG}`,
  "https://api.deezer.com/track/3135556",
  "https://spotify.link/",
  "https://podcasts.apple.com/us/podcast/x/id1",
])("%s is none of these services", (text) => {
  expect(parse(text)).toBeUndefined();
});
