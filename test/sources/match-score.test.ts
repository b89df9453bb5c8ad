import { expect, test } from "vitest";
import { GOOD_ENOUGH, matchScore } from "../../src/sources/match-score.ts";
import type { SongName } from "../../src/sources/match-score.ts";

const song = (artist: string, title: string, seconds: number | null): SongName => ({
  artist,
  title,
  durationMs: seconds === null ? null : seconds * 1_000,
});

const HARDER = song("Daft Punk", "Harder, Better, Faster, Stronger", 224);
const RICK = song("Rick Astley", "Never Gonna Give You Up - 2022 Remaster", 213);
const LIVE = song("Nirvana", "About A Girl - Live", 217);

test.each([
  [HARDER, song("Daft Punk - Topic", "Harder, Better, Faster, Stronger", 225)],
  [HARDER, song("Daft Punk", "Daft Punk - Harder, Better, Faster, Stronger (Official Video)", 226)],
  [RICK, song("Rick Astley", "Rick Astley - Never Gonna Give You Up (Official Music Video) [4K]", 213)],
  [RICK, song("some uploader", "rick astley never gonna give you up lyrics", 212)],
  [LIVE, song("NirvanaVEVO", "Nirvana - About A Girl (Live On MTV Unplugged)", 219)],
  [song("Beyoncé", "Déjà Vu (feat. JAY-Z)", 240), song("beyonceVEVO", "Beyoncé - Deja Vu ft. JAY-Z", 242)],
  [
    song("Lil Nas X, Jack Harlow", "INDUSTRY BABY", 212),
    song("LilNasXVEVO", "Lil Nas X, Jack Harlow - INDUSTRY BABY (Official Video)", 220),
  ],
  [song("Кино", "Группа крови", 285), song("Кино - Topic", "Группа крови", 286)],
  [song("Adele", "Hello", 295), song("Adele - Topic", "Hello", 296)],
  [
    song("Daft Punk", "Get Lucky (feat. Pharrell Williams & Nile Rodgers)", 369),
    song("Daft Punk - Topic", "Get Lucky", 369),
  ],
  [
    song("Daft Punk & Pharrell Williams", "Get Lucky", 248),
    song("DaftPunkVEVO", "Daft Punk - Get Lucky (Official Audio) ft. Pharrell Williams, Nile Rodgers", 249),
  ],
  [song("Darude", "Sandstorm - Radio Edit", 225), song("Darude", "Darude - Sandstorm", 226)],
  [song("Queen", "Radio Ga Ga - Remastered 2011", 343), song("Queen Official", "Queen - Radio Ga Ga", 344)],
  [
    song("Kenny Loggins", 'Danger Zone - From "Top Gun" Original Soundtrack', 217),
    song("KennyLogginsVEVO", "Kenny Loggins - Danger Zone (Official Video)", 216),
  ],
  [
    song("Backstreet Boys", "I Want It That Way [Album Version]", 213),
    song("Backstreet Boys - Topic", "I Want It That Way", 213),
  ],
  [
    song("Journey", "Don't Stop Believin' (2022 Remaster)", 250),
    song("journey", "Journey - Don’t Stop Believin’ (Lyrics)", 251),
  ],
  [
    song("Simon & Garfunkel", "Mrs. Robinson", 244),
    song("Simon and Garfunkel - Topic", "Mrs. Robinson", 245),
  ],
  [song("Video", "Official Video", 200), song("Video - Topic", "Official Video", 200)],
])("%o is taken to be %o", (wanted, found) => {
  expect(matchScore(wanted, found)).toBeGreaterThanOrEqual(GOOD_ENOUGH);
});

test.each([
  ["a cover", HARDER, song("Somebody", "Harder Better Faster Stronger - Daft Punk (cover)", 224)],
  ["a live recording", HARDER, song("Daft Punk", "Harder, Better, Faster, Stronger (Live 2007)", 224)],
  ["a remix", HARDER, song("DJ", "Daft Punk - Harder Better Faster Stronger (Club Remix)", 226)],
  ["karaoke", RICK, song("Karaoke Kings", "Never Gonna Give You Up (Karaoke) Rick Astley", 213)],
  ["nightcore", RICK, song("x", "Nightcore - Never Gonna Give You Up (Rick Astley)", 213)],
  ["sped up", RICK, song("x", "rick astley - never gonna give you up (sped up)", 213)],
  ["8D", RICK, song("8D Tunes", "Rick Astley - Never Gonna Give You Up (8D AUDIO)", 213)],
  ["the studio one for a live one", LIVE, song("Somebody else", "About A Girl", 217)],
  ["another length", HARDER, song("Daft Punk - Topic", "Harder, Better, Faster, Stronger", 240)],
  ["an hour of it", HARDER, song("Daft Punk", "Daft Punk - Harder, Better, Faster, Stronger", 3_600)],
  ["another song of the artist", HARDER, song("Daft Punk - Topic", "One More Time", 224)],
  ["the same title by another", song("Adele", "Hello", 295), song("Lionel Richie", "Hello", 295)],
  [
    "a remix that names the guest",
    song("Daft Punk", "Get Lucky (feat. Pharrell Williams)", 369),
    song("x", "Daft Punk ft. Pharrell Williams - Get Lucky (Remix)", 369),
  ],
  ["nothing like it", HARDER, song("Cooking", "How to boil an egg", 224)],
])("%s is not taken", (_what, wanted, found) => {
  expect(matchScore(wanted, found)).toBeLessThan(GOOD_ENOUGH);
});

test("the nearer it is, the more it scores: Topic before lyrics, the right length before a longer one", () => {
  const topic = matchScore(HARDER, song("Daft Punk - Topic", "Harder, Better, Faster, Stronger", 224));
  const lyrics = matchScore(
    HARDER,
    song("Lyrics World", "Daft Punk - Harder, Better, Faster, Stronger (Lyrics)", 224),
  );
  const longer = matchScore(HARDER, song("Daft Punk - Topic", "Harder, Better, Faster, Stronger", 234));
  expect(topic).toBeGreaterThan(lyrics);
  expect(topic).toBeGreaterThan(longer);
  expect(topic).toBe(100);
});

test("an unknown length is neither proof nor doubt", () => {
  const unknown = matchScore(HARDER, song("Daft Punk - Topic", "Harder, Better, Faster, Stronger", null));
  expect(unknown).toBeGreaterThanOrEqual(GOOD_ENOUGH);
  expect(unknown).toBeLessThan(100);
});

test("hostile titles are read without running away", () => {
  const nasty = [
    "official ".repeat(300),
    "\u202E".repeat(2_000),
    "a".repeat(2_000),
    "",
    "((((",
    "feat. ".repeat(300),
  ];
  for (const title of nasty) {
    const score = matchScore(song(title, title, 100), song(title, title, 100));
    expect(score).toBeGreaterThanOrEqual(0);
    expect(score).toBeLessThanOrEqual(100);
  }
});
