import { expect, test } from "vitest";
import { songName } from "../../src/services/song-name.ts";

test.each([
  ["Africa", "TOTO - Topic", "Africa", "TOTO"],
  ["Toto - Africa (Official HD Video)", "TotoVEVO", "Africa", "Toto"],
  [
    "Rick Astley - Never Gonna Give You Up (Official Video) (4K Remaster)",
    "Rick Astley",
    "Never Gonna Give You Up",
    "Rick Astley",
  ],
  [
    "Daft Punk - Get Lucky (Official Audio) ft. Pharrell Williams, Nile Rodgers",
    "DaftPunkVEVO",
    "Get Lucky",
    "Daft Punk",
  ],
  ["Get Lucky (feat. Pharrell Williams & Nile Rodgers)", "Daft Punk - Topic", "Get Lucky", "Daft Punk"],
  ["Eminem - Love The Way You Lie ft. Rihanna", "EminemVEVO", "Love The Way You Lie", "Eminem"],
  [
    "Jay-Z ft. Alicia Keys - Empire State of Mind [Official Video]",
    "JAYZVEVO",
    "Empire State of Mind",
    "Jay-Z",
  ],
  ["Bohemian Rhapsody - Remastered 2011", "Queen", "Bohemian Rhapsody", "Queen"],
  ["Queen - Bohemian Rhapsody - 2011 Remaster", "Some Label", "Bohemian Rhapsody", "Queen"],
  ["Video Killed The Radio Star", "The Buggles - Topic", "Video Killed The Radio Star", "The Buggles"],
  ["Кино — Группа крови (Official Video)", "Moroz Records", "Группа крови", "Кино"],
  ["YOASOBI「アイドル」 Official Music Video", "Ayase / YOASOBI", "アイドル", "YOASOBI"],
  ["Africa – Toto", "Toto", "Africa", "Toto"],
  ["Anti-Hero", "Taylor Swift", "Anti-Hero", "Taylor Swift"],
  ["Song 2 | Live Lounge", "Blur", "Song 2", "Blur"],
  ["A - B - C", "Somebody", "A - B - C", "Somebody"],
  [
    "(I Can't Get No) Satisfaction [Lyrics]",
    "The Rolling Stones",
    "(I Can't Get No) Satisfaction",
    "The Rolling Stones",
  ],
  ["", "", "", ""],
  ["(Official Video)", "X", "(Official Video)", "X"],
  ["feat. Nobody", "", "feat. Nobody", ""],
])("%j by %j is %j by %j", (title, artist, name, by) => {
  expect(songName({ title, artist })).toEqual({ title: name, artist: by });
});

test.each([
  "(".repeat(50_000),
  " - ".repeat(20_000),
  "feat. ".repeat(10_000),
  "a [".repeat(20_000),
  "\u0000".repeat(9_000),
])("a hostile title is read at once", (title) => {
  expect(songName({ title, artist: title }).title.length).toBeLessThanOrEqual(title.length);
});
