// What the subcommands of `cache` do with single songs and lists of them.
import { beforeEach, describe, expect, it, vi } from "vitest";
import { command as cache } from "../../commands/cache.ts";
import { splitLine } from "../../src/command/split-line.ts";
import type { CacheTools, Prepared } from "../../src/command/cache-tools.ts";
import type { CommandContext, Resolved } from "../../src/command/context.ts";
import { variantOf } from "../../src/command/define.ts";
import { dispatch, dispatchPress } from "../../src/command/dispatch.ts";
import { parseButtonId } from "../../src/command/panel.ts";
import type { CacheEntry } from "../../src/core/audio-profile.ts";
import type { Asked } from "../../src/policy/admission.ts";
import type { KnownSong } from "../../src/core/catalogue.ts";
import { cacheKey, type Track } from "../../src/core/track.ts";
import type { CacheStatistics } from "../../src/maintenance/statistics.ts";
import { Desk } from "../fakes/command-context.ts";
import { youtubeId, youtubeTrack } from "../fakes/tracks.ts";
import { BOB } from "../fakes/people.ts";

/** Notes what was asked of it. */
class NotingTools implements CacheTools {
  readonly asked: object[] = [];
  changes = 1;
  plays = { hits: 3, misses: 1, shared: 0 };

  async pin(key: string, pinned: boolean): Promise<number> {
    this.asked.push({ key, pinned });
    return this.changes;
  }

  async refresh({ id }: Track, guildId: string): Promise<CacheEntry | undefined> {
    this.asked.push({ refresh: id, guildId });
    return { bytes: 4_096 } as CacheEntry;
  }

  async prepare({ id }: Track, asked: Asked): Promise<Prepared> {
    this.asked.push({ prepare: id, ...asked });
    return "fetched";
  }

  async playsOf(): Promise<CacheStatistics["plays"]> {
    return this.plays;
  }
}

function known(number: number, more: Partial<KnownSong> = {}): KnownSong {
  const track = youtubeTrack(youtubeId(number), { title: `Song ${number}`, durationMs: 65_000 });
  return { key: cacheKey(track), track, isCached: true, isPinned: false, playCount: 0, ...more };
}

/** Rules as they were set, newest last. */
let rules: object[];
let desk: Desk;
let tools: NotingTools;
let found: KnownSong[];
let resolved: Resolved;

beforeEach(() => {
  tools = new NotingTools();
  found = [];
  rules = [];
  desk = new Desk({
    keepRules: {
      rulesOf: async () => [],
      setRule: async (guildId, scope, rule) => void rules.push({ guildId, scope, rule }),
    },
    cacheTools: tools,
    ownSongs: (guildId) => ({
      find: async (words, options) => {
        tools.asked.push({ guildId, words, ...options });
        return found.filter(({ isCached }) => isCached || !options.cachedOnly).slice(0, options.limit);
      },
      searches: async () => [],
      elsewhere: async () => [],
    }),
    resolve: async (text) => {
      tools.asked.push({ resolve: text });
      return resolved;
    },
  });
});

const anybody = {
  actor: BOB,
} as const;
const deps = () => ({ log: desk.bench.log, newReference: () => "ref" });

/** `?cache pin …` */
async function does(word: string, line: string, more: Partial<CommandContext> = {}): Promise<void> {
  const command = variantOf(cache, word)!;
  const context = desk.context({ surface: "prefix", ...more });
  await dispatch(deps(), command, splitLine(command.args, line), context);
}

/** Presses the button that ends the fetching of a list. */
async function cancels(more: Partial<CommandContext> = {}): Promise<void> {
  const buttons = desk.answers.flatMap(({ panel }) => panel.buttons ?? []);
  const { press: name, payload } = parseButtonId(buttons.at(-1)?.id ?? "")!;
  const context = desk.context({ surface: "button", ...more });
  await dispatchPress(deps(), cache, { name, payload, input: "", fields: {} }, context);
}

describe("?cache find", () => {
  it("shows what is known, to everyone who asks, and marks what is cached", async () => {
    found = [known(1, { playCount: 3, isPinned: true }), known(2, { isCached: false })];
    await does("find", "some song", anybody);
    expect(desk.last.lines).toEqual([
      "- ⚡ **Somebody – Song 1** · 1:05 · played 3 times · pinned · `aaaaaaaaa01`",
      "- **Somebody – Song 2** · 1:05 · `aaaaaaaaa02`",
    ]);
    expect(tools.asked).toEqual([{ guildId: "guild", words: "some song", limit: 10 }]);
  });

  it("says when there is nothing, and wants words", async () => {
    await does("find", "some song");
    expect(desk.text).toContain("Nothing like that is known here.");
    await does("find", "");
    expect(desk.text).toContain("words is missing. Usage: ?cache find <words>");
  });
});

describe("?cache pin and unpin", () => {
  it.each([
    ["pin", true, 1, "Pinned: **Somebody – Song 1**. No clean-up removes it."],
    ["pin", true, 0, "Pinned already: **Somebody – Song 1**. No clean-up removes it."],
    ["unpin", false, 2, "No longer pinned: **Somebody – Song 1**."],
    ["unpin", false, 0, "Was not pinned: **Somebody – Song 1**."],
  ])("%s marks the cached song that is meant (%s, %d)", async (word, pinned, changes, line) => {
    found = [known(2, { isCached: false }), known(1)];
    tools.changes = changes;
    await does(word, "song");
    expect(desk.last.lines).toEqual([line]);
    expect(tools.asked.at(-1)).toEqual({ key: youtubeId(1), pinned });
  });

  it.each(["pin", "unpin"])("%s wants a song that is cached, and somebody who may", async (word) => {
    found = [known(2, { isCached: false })];
    await does(word, "song");
    expect(desk.text).toContain("No song like that is cached.");
    found = [known(1)];
    await does(word, "song", anybody);
    expect(desk.text).toContain("Only the owner of this bot");
    expect(tools.asked.filter((asked) => "pinned" in asked)).toEqual([]);
  });
});

describe("?cache refresh", () => {
  it("fetches the cached song that is meant anew, and says when it is done", async () => {
    found = [known(1)];
    await does("refresh", "song");
    expect(desk.answers.map(({ how, panel }) => [how, panel.lines[0]])).toEqual([
      ["reply", "Fetching **Somebody – Song 1** anew…"],
      ["edit", "Fetched anew: **Somebody – Song 1** · 4 KiB"],
    ]);
    expect(tools.asked.at(-1)).toEqual({ refresh: youtubeId(1), guildId: "guild" });
  });

  it("fetches one that could not be cached before, and no list", async () => {
    resolved = { kind: "tracks", tracks: [known(5).track], startMs: 0 };
    await does("refresh", "song");
    expect(tools.asked.at(-1)).toMatchObject({ refresh: youtubeId(5) });
    resolved = { kind: "playlist", id: "PLlist", entries: (async function* () {})() };
    await does("refresh", "list");
    expect(desk.last.tone).toBe("error");
  });

  it("is refused to who may not", async () => {
    found = [known(1)];
    await does("refresh", "song", anybody);
    expect(desk.text).toContain("Only the owner of this bot");
    expect(tools.asked).toEqual([]);
  });
});

describe("?cache always, never and default", () => {
  it.each([
    [
      "never",
      "",
      { scope: { kind: "guild" }, rule: "never" },
      "Songs asked for in this server: played, but not stored",
    ],
    [
      "always",
      "Toto *live*",
      { scope: { kind: "channel", name: "Toto *live*" }, rule: "always" },
      "of **Toto \\*live\\***",
    ],
    [
      "never",
      "source direct",
      { scope: { kind: "source", name: "direct" }, rule: "never" },
      "from **direct**",
    ],
    [
      "never",
      "room <#123456789012345678>",
      { scope: { kind: "room", name: "123456789012345678" }, rule: "never" },
      "asked for in <#123456789012345678>",
    ],
    ["never", "longer 45m", { scope: { kind: "longer", minutes: 45 }, rule: "never" }, "longer than 45 min"],
    ["always", "shorter 5", { scope: { kind: "shorter", minutes: 5 }, rule: "always" }, "shorter than 5 min"],
    [
      "never",
      "5 Friends",
      { scope: { kind: "channel", name: "5 Friends" }, rule: "never" },
      "of **5 Friends**",
    ],
    ["default", "", { scope: { kind: "guild" }, rule: undefined }, "no rule any more."],
  ])("%s %j is a rule about what is stored", async (word, line, set, text) => {
    await does(word, line);
    expect(rules).toEqual([{ guildId: "guild", ...set }]);
    expect(desk.text).toContain(text);
  });

  it("know a playlist by its link, and take nothing else for one", async () => {
    resolved = { kind: "playlist", id: "PLlist", entries: entries() };
    await does("never", "playlist https://www.youtube.com/playlist?list=PLlist");
    expect(rules).toEqual([{ guildId: "guild", scope: { kind: "playlist", name: "PLlist" }, rule: "never" }]);
    expect(desk.text).toContain("of the playlist `PLlist`");
    resolved = { kind: "tracks", tracks: [], startMs: 0 };
    await does("never", "playlist https://example.org/song.mp3");
    expect(desk.text).toContain("That is not a playlist.");
    expect(rules).toHaveLength(1);
  });

  it("take one scope, a source that exists, and somebody who may", async () => {
    await does("never", "Toto source direct");
    expect(desk.text).toContain("Name one thing that the rule is about, not several.");
    await does("never", "room kitchen");
    expect(desk.text).toContain("That is no channel of Discord.");
    await does("never", "longer long");
    expect(desk.text).toContain("Write a length in minutes, such as 45.");
    await does("never", "source tape");
    expect(desk.text).toContain("There is no such source. There are: youtube, direct, soundcloud, bandcamp.");
    await does("never", "", anybody);
    expect(desk.text).toContain("Only the owner of this bot");
    expect(rules).toEqual([]);
  });
});

async function* entries(): AsyncGenerator<Track> {
  for (const number of [1, 2]) yield known(number).track;
}

describe("?cache warm", () => {
  it("fetches the songs of a list, for all to see", async () => {
    resolved = { kind: "playlist", id: "PLlist", entries: entries() };
    await does("warm", "list");
    expect(desk.answers[0]?.private).toBe(false);
    await desk.services.warming.settled;
    await vi.waitFor(() => expect(desk.text).toContain("**2 songs** fetched"));
    expect(tools.asked.filter((asked) => "prepare" in asked)).toEqual(
      [1, 2].map((number) => ({
        prepare: youtubeId(number),
        guildId: "guild",
        playlistId: "PLlist",
        roomIds: expect.any(Array) as unknown,
      })),
    );
  });

  it("wants a list, and somebody who may; so does its button", async () => {
    resolved = { kind: "tracks", tracks: [known(1).track], startMs: 0 };
    await does("warm", "song");
    await desk.services.warming.settled;
    await vi.waitFor(() => expect(desk.text).toContain("That is not a playlist."));
    await does("warm", "list", anybody);
    expect(desk.text).toContain("Only the owner of this bot");
    await cancels(anybody);
    expect(desk.text).toContain("Only the owner of this bot");
    await cancels();
    expect(desk.text).toContain("That is over already.");
  });
});
