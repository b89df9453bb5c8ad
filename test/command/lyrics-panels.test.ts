import { describe, expect, it, test } from "vitest";
import { lyricsPanel, lyricsView } from "../../src/command/lyrics-panels.ts";
import type { Panel } from "../../src/command/panel.ts";
import type { Lyrics } from "../../src/core/lyrics.ts";
import { savedSongKey } from "../../src/core/saved-list.ts";
import { versesAt } from "../../src/policy/verses.ts";
import { LANGUAGES } from "../../src/texts/texts.ts";
import { harmOf, NASTY_TITLES } from "../fakes/nasty-titles.ts";
import { youtubeId, youtubeTrack } from "../fakes/tracks.ts";

const { en } = LANGUAGES;
const track = youtubeTrack(youtubeId(1), { title: "Africa", artist: "Toto" });
const key = savedSongKey(track);
const MOST_CHARACTERS = 3_500;

const textOf = ({ title = "", lines, footer = "" }: Panel): string => [title, ...lines, footer].join("\n");
const plainLyrics = (lines: readonly string[]): Lyrics => ({ isInstrumental: false, lines, timed: [] });
const timed = (...lines: readonly (readonly [number, string])[]): Lyrics => ({
  isInstrumental: false,
  lines: [],
  timed: lines.map(([second, text]) => ({ atMs: second * 1_000, text })),
});

describe("lyrics that go along", () => {
  const view = lyricsView(
    track,
    timed([10, "one"], [13, "two"], [16, ""], [30, "three"], [32, ""], [60, "four"]),
    en,
  );
  const at = (second: number): readonly string[] => view.panel(versesAt(view.verses, second * 1_000)).lines;

  it("show the verse that is sung, and the next one in small", () => {
    expect(at(11)).toEqual(["**one**", "**two**", "", "-# three"]);
    expect(at(31)).toEqual(["**three**", "", "-# four"]);
    expect(at(99)).toEqual(["**four**"]);
  });

  it("show what is to come before anything is sung, and nothing when it is over", () => {
    expect(at(0)).toEqual(["♪", "", "-# one", "-# two"]);
    expect(view.panel("over")).toMatchObject({ lines: ["♪"], footer: "the song is over · from LRCLIB" });
    expect(view.panel("over").title).toBe("Lyrics · **Toto – Africa**");
  });
});

describe("lyrics as a whole", () => {
  const lines = Array.from({ length: 60 }, (_, line) => `line ${line + 1}`);

  it("are turned page by page, and every line is on one of them", () => {
    const pages = [1, 2, 3].map((page) => lyricsPanel(track, plainLyrics(lines), { page, key }, en));
    expect(pages.flatMap((page) => page.lines)).toEqual(lines);
    expect(pages[1]?.buttons?.map(({ id }) => id)).toEqual([
      `lyrics:page:1:back:${key}`,
      `lyrics:page:2:here:${key}`,
      `lyrics:page:3:next:${key}`,
    ]);
    expect(lyricsPanel(track, plainLyrics(lines), { page: 99, key }, en).lines).toEqual(pages[2]?.lines);
    expect(lyricsPanel(track, plainLyrics(["one"]), { page: 1, key }, en).buttons).toBeUndefined();
  });

  it("say when there is nothing to sing", () => {
    const nothing = { ...plainLyrics([""]), isInstrumental: true };
    expect(lyricsPanel(track, nothing, { page: 1, key }, en).lines).toEqual([en.taste.instrumental]);
  });
});

test.each(NASTY_TITLES)("lyrics of %j do no harm and fit into a message", (nasty) => {
  const long = Array.from({ length: 400 }, () => nasty);
  const named = { ...track, title: nasty, artist: nasty };
  const whole = lyricsPanel(named, plainLyrics(long), { page: 2, key }, en);
  const lyrics = timed(...long.slice(0, 30).map((text, line) => [line / 10, text] as const), [60, nasty]);
  const view = lyricsView(named, lyrics, en);
  for (const panel of [whole, view.panel(versesAt(view.verses, 0)), view.panel("over")]) {
    expect(harmOf(textOf(panel))).toBeUndefined();
    expect(textOf(panel).length).toBeLessThanOrEqual(MOST_CHARACTERS);
  }
});
