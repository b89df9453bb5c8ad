import { expect, it, test } from "vitest";
import { recordingsIn } from "../../src/app/listed-songs.ts";
import { cacheKey } from "../../src/core/track.ts";

const facts = { title: "Africa", artist: "Toto", durationMs: 295_000 };

it("a link names its recording, whatever way it is written in", () => {
  const links = [
    "https://youtu.be/aaaaaaaaa01?t=30",
    "https://music.youtube.com/watch?v=aaaaaaaaa02&list=PLx",
    "https://media.example/a.mp3",
  ];
  const found = recordingsIn(links.map((link) => ({ link, ...facts })));
  expect(found.map(({ url }) => url)).toEqual([
    "https://www.youtube.com/watch?v=aaaaaaaaa01",
    "https://www.youtube.com/watch?v=aaaaaaaaa02",
    "https://media.example/a.mp3",
  ]);
  for (const track of found) {
    expect(track).toMatchObject({ ...facts, isLive: false, thumbnailUrl: null });
    expect(cacheKey(track)).not.toBe("");
  }
});

test.each([
  "word",
  "https://www.youtube.com/playlist?list=PLaaaaaaaaaaaaaaaa",
  "https://www.youtube.com/@channel",
  "https://open.spotify.com/track/4uLU6hMCjMI75M1A2tKUQC",
  "spotify:track:4uLU6hMCjMI75M1A2tKUQC",
  "file:///srv/music/a.mp3",
  "javascript:alert(1)",
  "https://user:secret@media.example/a.mp3",
  "/srv/music/a.mp3",
  "https://",
  "x".repeat(2_000),
])("%s is no recording", (link) => {
  expect(recordingsIn([{ link, ...facts }])).toEqual([]);
});
