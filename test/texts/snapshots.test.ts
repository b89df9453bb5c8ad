/** What each text with facts in it says, for one and for many, in every language: to be read in a change. */
import path from "node:path";
import { describe, expect, it } from "vitest";
import { songTitle } from "../../src/command/song-panels.ts";
import { fill, phrase } from "../../src/core/sentence.ts";
import { LANGUAGES, type Texts } from "../../src/texts/texts.ts";
import { harmOf } from "../fakes/nasty-titles.ts";
import { youtubeId, youtubeTrack } from "../fakes/tracks.ts";
import { leavesOf } from "./leaves.ts";

const nasty = songTitle(youtubeTrack(youtubeId(1), { title: "*A* @everyone", artist: "<@1> [x](y)" }));
/** Facts that are words; all others are numbers. */
const WORDS: Readonly<Record<string, unknown>> = {
  channel: "<#2>",
  channels: "<#2>",
  expected: phrase("WHOLE_NUMBER", { min: 1, max: 9 }),
  file: "a.opus",
  folder: "music",
  filter: "8D",
  found: phrase("DAMAGED"),
  group: "Queue",
  how: phrase("BROUGHT_BACK"),
  language: "Deutsch",
  line: "?help play",
  mention: "<@1>",
  missing: [phrase("CONNECT"), phrase("SPEAK")],
  name: "name",
  names: "a, b",
  path: "cache/encore.sqlite",
  prefix: "?",
  problems: "DISCORD_TOKEN is missing.",
  profile: "night",
  range: "on|off",
  rate: "**50 %**",
  reason: "no such file",
  reasons: "a · b",
  song: nasty,
  songs: nasty,
  standard: "off",
  text: "abc",
  time: "4:55",
  title: nasty,
  usage: { template: "?queue [page {NUMBER}]" },
  value: "on",
  when: "<t:1700000000:R>",
  who: phrase("OWNER"),
};
/** Facts that are numbers elsewhere, in the sentences of errors. */
const WORDS_IN_ERRORS = {
  like: "@name",
  limit: "3:00:00",
  most: "1:00:00",
  needed: phrase("MUTE_MEMBERS"),
  role: "DJ",
  length: "4:55",
  position: "1:23",
  last: "c",
  there: "night, quiet",
};
const MANY = 12_345;

function factsWith(
  number: number,
  words: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  return new Proxy(words, {
    get: (_words, name) => words[String(name)] ?? number,
    has: () => true,
    getOwnPropertyDescriptor: (_words, name) => ({
      value: words[String(name)] ?? number,
      configurable: true,
      enumerable: true,
    }),
  });
}

/** The texts of a subject that have facts in them, each as it is for one and for many. */
function renderings(subject: object, texts: Texts): string[] {
  return leavesOf(subject).flatMap(([name, leaf]) => {
    if (typeof leaf === "string" && !/\{\w+\}/u.test(leaf)) return [];
    const say = (number: number): string =>
      typeof leaf === "string"
        ? fill(leaf, factsWith(number, { ...WORDS, ...WORDS_IN_ERRORS }), texts)
        : leaf(factsWith(number, WORDS) as never);
    return [...new Set([say(1), say(MANY)])].map((text) => `${name}: ${text}`);
  });
}

describe.each(Object.entries(LANGUAGES))("in %s", (code, texts) => {
  const subjects = Object.entries(texts).flatMap(([name, subject]) => {
    const lines = typeof subject === "string" ? [] : renderings(subject, texts);
    return lines.length === 0 ? [] : [[name, lines] as const];
  });

  it.each(subjects)("what is said of %s reads well", async (name, lines) => {
    for (const line of lines) {
      expect(harmOf(line.replaceAll(/<#\d+>/gu, ""))).toBeUndefined();
      expect(line).not.toMatch(/NaN|undefined|\[object/u);
    }
    const file = path.join(import.meta.dirname, "snapshots", code, `${name}.txt`);
    await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot(file);
  });
});
