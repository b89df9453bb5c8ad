import { describe, expect, it } from "vitest";
import { text } from "../../src/command/args.ts";
import { type CommandDefinition, defineCommand } from "../../src/command/define.ts";
import { dispatchTyping } from "../../src/command/dispatch.ts";
import {
  collectSuggestions,
  type OwnSongs,
  songSuggestion,
  suggestCached,
  type Suggestion,
} from "../../src/command/suggestions.ts";
import type { KnownSong } from "../../src/core/catalogue.ts";
import { cacheKey, type Track } from "../../src/core/track.ts";
import { RecordingLogger } from "../fakes/logger.ts";
import { youtubeId, youtubeTrack } from "../fakes/tracks.ts";
import { BOB, GUILD } from "../fakes/people.ts";

const never = new AbortController().signal;
const log = new RecordingLogger();

function song(facts: Partial<Track> = {}, isCached = true): KnownSong {
  const track = youtubeTrack(youtubeId(1), {
    title: "Africa",
    artist: "Toto",
    durationMs: 295_000,
    ...facts,
  });
  return { key: cacheKey(track), track, isCached, isPinned: false, playCount: 0 };
}

async function* from(...suggestions: readonly Suggestion[]): AsyncGenerator<Suggestion> {
  yield* suggestions;
}
const named = (name: string): Suggestion => ({ name, value: name });

describe("suggestions", () => {
  it("are at most 25, each of them once", async () => {
    const many = Array.from({ length: 60 }, (_, number) => named(String(number % 30)));
    const shown = await collectSuggestions(from(...many), log, never);
    expect(shown.map(({ value }) => value)).toEqual(
      Array.from({ length: 25 }, (_, number) => String(number)),
    );
  });

  it("fit into what Discord takes, and none is changed in its meaning", async () => {
    const long = "x".repeat(101);
    const shown = await collectSuggestions(
      from({ name: "too long to mean", value: long }, { name: "😀".repeat(80), value: "kept" }, named("")),
      log,
      never,
    );
    expect(shown).toHaveLength(1);
    expect(shown[0]?.name.length).toBeLessThanOrEqual(100);
    expect(shown[0]?.name.isWellFormed()).toBe(true);
    expect(shown[0]?.value).toBe("kept");
  });

  it("are those that were there when the time was up", async () => {
    const time = new AbortController();
    async function* slow(): AsyncGenerator<Suggestion> {
      yield named("quick");
      time.abort();
      await new Promise(() => undefined);
    }
    expect(await collectSuggestions(slow(), log, time.signal)).toEqual([named("quick")]);
  });

  it("are those before a failure, which is told to the log alone", async () => {
    async function* broken(): AsyncGenerator<Suggestion> {
      yield named("first");
      throw new Error("the database is gone");
    }
    expect(await collectSuggestions(broken(), log, never)).toEqual([named("first")]);
    expect(log.events.at(-1)).toMatchObject({ event: "suggestions.failed" });
  });
});

describe("a song as a suggestion", () => {
  it.each([
    [song(), "⚡ Toto – Africa · 4:55"],
    [song({}, false), "Toto – Africa · 4:55"],
    [song({ title: "*A*\n@everyone", artist: "", durationMs: null }), "⚡ *A* @everyone"],
  ])("is told with its length and whether it starts at once", (known, name) => {
    expect(songSuggestion(known)).toEqual({ name, value: known.track.url });
  });

  it("keeps its length when its title is cut", () => {
    const { name } = songSuggestion(song({ title: "long ".repeat(50) }));
    expect(name.length).toBeLessThanOrEqual(100);
    expect(name).toMatch(/… · 4:55$/u);
  });

  it("means its file where a file is meant", async () => {
    const asked: object[] = [];
    const own: OwnSongs = {
      find: async (words, options) => {
        asked.push({ words, ...options });
        return [song()];
      },
      searches: async () => [],
      elsewhere: async () => [],
    };
    const shown = await collectSuggestions(suggestCached(own, "afr"), log, never);
    expect(shown).toEqual([{ name: "⚡ Toto – Africa · 4:55", value: youtubeId(1) }]);
    expect(asked).toEqual([{ words: "afr", limit: 25, cachedOnly: true }]);
  });
});

const suggest = (_own: OwnSongs, typed: string): AsyncGenerator<Suggestion> => from(named(`${typed}!`));

describe("somebody who types", () => {
  const own: OwnSongs = {
    find: async () => [],
    searches: async () => [],
    elsewhere: async () => [],
  };
  const person = { ...BOB, id: "ann", name: "Ann" };
  const base = {
    name: "sample",
    group: "play",
    description: () => "Does nothing",
    args: { what: text(() => "What", suggest), plain: text(() => "What else") },
    visibility: "public",
    needs: [],
    run: () => Promise.resolve(),
  } satisfies Partial<CommandDefinition<Record<string, ReturnType<typeof text>>>>;
  const typing = (action: "play" | "cache.clear", arg: string): Promise<readonly Suggestion[]> =>
    dispatchTyping(
      { log },
      defineCommand({ ...base, action }),
      { actor: person, place: GUILD, own, listNames: async () => [], arg, typed: "a" },
      never,
    );

  it("is offered what the argument offers", async () => {
    expect(await typing("play", "what")).toEqual([named("a!")]);
  });

  it.each(["plain", "nothing", "toString"])("is offered nothing for %j", async (arg) => {
    expect(await typing("play", arg)).toEqual([]);
  });

  it("is offered nothing where they may not run the command", async () => {
    expect(await typing("cache.clear", "what")).toEqual([]);
  });
});
