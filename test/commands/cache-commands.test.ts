import { beforeEach, describe, expect, it, vi } from "vitest";
import { command as cache } from "../../commands/cache.ts";
import { command as cleanup } from "../../commands/cache_cleanup.ts";
import { command as clear } from "../../commands/cache_clear.ts";
import { dispatch, dispatchPress } from "../../src/command/dispatch.ts";
import { type Command, variantOf } from "../../src/command/define.ts";
import { parseButtonId } from "../../src/command/panel.ts";
import { splitLine } from "../../src/command/args.ts";
import type { CacheTools, Prepared } from "../../src/command/cache-tools.ts";
import type { CommandContext, Resolved } from "../../src/command/context.ts";
import type { CacheEntry } from "../../src/core/audio-profile.ts";
import type { KnownSong } from "../../src/core/catalogue.ts";
import { cacheKey, type Track } from "../../src/core/track.ts";
import type { CacheStatistics } from "../../src/maintenance/statistics.ts";
import { Desk } from "../fakes/command-context.ts";
import { youtubeId, youtubeTrack } from "../fakes/tracks.ts";
import { type MaintenanceUnderTest, refOf, setUp } from "../maintenance/set-up.ts";

const GIB = 1024 ** 3;
const STATISTICS: CacheStatistics = {
  files: 1_284,
  bytes: 7.3 * GIB,
  limitBytes: 8 * GIB,
  plays: { hits: 61, misses: 20, shared: 1 },
  hitRate: 0.7561,
  mostPlayed: [{ title: "One *Last* Kiss", artist: "x", plays: 1_048 }],
  oldestUseMs: 1_700_000_000_000,
  lastCleanup: undefined,
};

let files: MaintenanceUnderTest;
let desk: Desk;
let statistics: CacheStatistics;
let tools: NotingTools;
let found: KnownSong[];
let resolved: Resolved;

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

  async prepare({ id }: Track, guildId: string): Promise<Prepared> {
    this.asked.push({ prepare: id, guildId });
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

beforeEach(async () => {
  files = await setUp();
  statistics = STATISTICS;
  tools = new NotingTools();
  found = [];
  desk = new Desk({
    maintenance: files.maintenance,
    statistics: () => Promise.resolve(statistics),
    cacheTools: tools,
    ownSongs: (guildId) => ({
      find: async (words, options) => {
        tools.asked.push({ guildId, words, ...options });
        return found.filter(({ isCached }) => isCached || !options.cachedOnly).slice(0, options.limit);
      },
      searches: async () => [],
    }),
    resolve: async (text) => {
      tools.asked.push({ resolve: text });
      return resolved;
    },
  });
});

const deps = () => ({ log: desk.bench.log, newReference: () => "ref" });
const says = (command: Command, line = "", more: Partial<CommandContext> = {}): Promise<void> =>
  dispatch(deps(), command, splitLine(command.args, line), desk.context({ surface: "prefix", ...more }));
/** `?cache pin …` */
const does = (word: string, line: string, more: Partial<CommandContext> = {}): Promise<void> =>
  says(variantOf(cache, word)!, line, more);
/** Presses the button of a label in the last answer that has it. */
const presses = (
  command: Command,
  label: string,
  more: Partial<CommandContext> = {},
  input = "",
): Promise<void> => {
  const buttons = desk.answers.flatMap(({ panel }) => panel.buttons ?? []);
  const id = buttons.findLast((button) => button.label === label)?.id ?? "none";
  const { press: name, payload } = parseButtonId(id) ?? { press: "none", payload: "" };
  return dispatchPress(
    deps(),
    command,
    { name, payload, input },
    desk.context({ surface: "button", ...more }),
  );
};
const bob = {
  actor: { id: "bob", name: "Bob", kind: "person", isOwner: true, isAdministrator: false },
} as const;
const anybody = { actor: { ...bob.actor, isOwner: false } } as const;

const overfull = async (): Promise<void> => {
  for (const number of [0, 1]) await files.add(number, { playedDaysAgo: 100 });
  for (const number of [10, 11, 12]) await files.add(number, { bytes: 400 });
};

const sends = (input: string): Promise<void> =>
  dispatchPress(deps(), clear, { name: "confirm", payload: "", input }, desk.context({ surface: "form" }));

describe("?cache", () => {
  it("shows how full it is, how often it helped, and what is played most", async () => {
    await says(cache, "", anybody);
    expect(desk.last).toEqual({
      tone: "warning",
      title: "Cache",
      lines: [
        "**1\u202F284** tracks · **7.3 GiB of 8 GiB** (91 %)",
        "**75 %** hit rate (30 days) · 61 hits · 20 misses · 1 joined a running download",
        "Here: 4 plays · **75 %** without a download",
        "**Most played**",
        "1\\. One \\*Last\\* Kiss · 1\u202F048",
      ],
      footer: "longest unplayed <t:1700000000:R> · never cleaned up",
      buttons: [
        { label: "Refresh", id: "cache:refresh:", style: "secondary" },
        { label: "Preview clean-up", id: "cache_cleanup:press:", style: "secondary" },
      ],
    });
  });

  it("is for the asker alone unless asked otherwise, and can be looked at again", async () => {
    await says(cache);
    await says(cache, "--public");
    expect(desk.answers.map((answer) => answer.private)).toEqual([true, false]);
    statistics = {
      ...STATISTICS,
      files: 1,
      bytes: 100,
      hitRate: null,
      mostPlayed: [],
      oldestUseMs: undefined,
    };
    tools.plays = { hits: 0, misses: 0, shared: 0 };
    await presses(cache, "Refresh");
    expect(desk.text).toContain("Here: no plays yet");
    expect(desk.answers.at(-1)?.how).toBe("update");
    expect(desk.last.tone).toBe("info");
    expect(desk.text).toContain("**1** track ·");
    expect(desk.text).toContain("no plays yet");
    expect(desk.text).toContain("empty · never cleaned up");
  });

  it("rounds no share up to the whole", async () => {
    statistics = { ...STATISTICS, bytes: 8 * GIB - 1, hitRate: 0.999 };
    await says(cache);
    expect(desk.text).toContain("(99 %)");
    expect(desk.text).toContain("**99 %** hit rate");
  });
});

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
    resolved = { kind: "playlist", entries: (async function* () {})() };
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

async function* entries(): AsyncGenerator<Track> {
  for (const number of [1, 2]) yield known(number).track;
}

describe("?cache warm", () => {
  it("fetches the songs of a list, for all to see", async () => {
    resolved = { kind: "playlist", entries: entries() };
    await does("warm", "list");
    expect(desk.answers[0]?.private).toBe(false);
    await desk.services.warming.settled;
    await vi.waitFor(() => expect(desk.text).toContain("**2 songs** fetched"));
    expect(tools.asked.filter((asked) => "prepare" in asked)).toEqual(
      [1, 2].map((number) => ({ prepare: youtubeId(number), guildId: "guild" })),
    );
  });

  it("wants a list, and somebody who may; so does its button", async () => {
    resolved = { kind: "tracks", tracks: [known(1).track], startMs: 0 };
    await does("warm", "song");
    await desk.services.warming.settled;
    await vi.waitFor(() => expect(desk.text).toContain("That is not a playlist."));
    await does("warm", "list", anybody);
    expect(desk.text).toContain("Only the owner of this bot");
    await presses(cache, "Cancel", anybody);
    expect(desk.text).toContain("Only the owner of this bot");
    await presses(cache, "Cancel");
    expect(desk.text).toContain("That is over already.");
  });
});

describe("?cache_cleanup", () => {
  it("shows first and deletes after the button, and says what it did", async () => {
    await overfull();
    await says(cleanup);
    expect(desk.last).toMatchObject({
      title: "Clean-up preview — nothing deleted yet",
      lines: [
        "- 2 tracks not played lately · 200 B",
        "- 1 track over the limit · 400 B",
        "Together **3 files**, **600 B**.",
      ],
      footer: "preview valid for 5 minutes",
    });
    expect(await files.present()).toHaveLength(5);
    await presses(cleanup, "Show list");
    expect(desk.text).toContain(`\`${youtubeId(0)}\` · 100 B · not played lately`);
    await presses(cleanup, "Delete 3 files");
    expect(desk.last).toEqual({
      tone: "done",
      title: "Clean-up done",
      lines: ["Deleted **3 files**, **600 B** freed · 1.4 KiB → 800 B"],
      footer: "started by <@ann>",
    });
    expect(await files.present()).toEqual([11, 12]);
    expect(await files.runs.last("cleanup")).toMatchObject({ actor: "ann", removedFiles: 3 });
  });

  it("deletes once, for its asker, within five minutes", async () => {
    await overfull();
    await says(cleanup);
    await presses(cleanup, "Delete 3 files", bob);
    expect(desk.text).toContain("Only the person who asked");
    desk.bench.clock.advance(5 * 60 * 1000);
    await presses(cleanup, "Delete 3 files");
    expect(desk.text).toContain("no longer valid");
    expect(await files.present()).toHaveLength(5);
    await says(cleanup);
    await presses(cleanup, "Delete 3 files");
    await presses(cleanup, "Delete 3 files");
    expect(desk.text).toContain("no longer valid");
  });

  it("can be called off", async () => {
    await overfull();
    await says(cleanup);
    await presses(cleanup, "Cancel");
    expect(desk.text).toContain("Nothing was deleted.");
    await presses(cleanup, "Delete 3 files");
    expect(desk.text).toContain("no longer valid");
    expect(await files.present()).toHaveLength(5);
  });

  it("shows a new preview instead of deleting what nobody saw", async () => {
    await overfull();
    await says(cleanup);
    await files.add(2, { playedDaysAgo: 100 });
    await presses(cleanup, "Delete 3 files");
    expect(desk.last.title).toBe("The cache has changed — nothing deleted yet");
    expect(await files.present()).toHaveLength(6);
    await presses(cleanup, "Delete 4 files");
    expect(await files.present()).toEqual([11, 12]);
  });

  it("deletes less without asking again when some files are in use by now", async () => {
    await overfull();
    await says(cleanup);
    files.inUse.acquire(refOf(0));
    await presses(cleanup, "Delete 3 files");
    expect(desk.text).toContain("Deleted **2 files**");
    expect(await files.present()).toEqual([0, 11, 12]);
  });

  it("says when nothing is to do, and when what would go must stay", async () => {
    await files.add(0);
    await says(cleanup);
    expect(desk.text).toContain("1 track, 100 B: all within the limit and the retention.");
    await files.add(1, { bytes: 5_000 });
    files.queued.add(youtubeId(0)).add(youtubeId(1));
    await says(cleanup);
    expect(desk.text).toContain("what would go must stay for now");
    expect(desk.last.footer).toBe("kept: 2 tracks (queued)");
    expect(desk.last.buttons).toBeUndefined();
  });

  it("is refused to who may not, on each way in", async () => {
    await overfull();
    await says(cleanup, "", anybody);
    expect(desk.text).toContain("Only the owner of this bot");
    await says(cleanup);
    await presses(cleanup, "Delete 3 files", { actor: { ...anybody.actor, id: "ann" } });
    expect(desk.text).toContain("Only the owner of this bot");
    expect(await files.present()).toHaveLength(5);
  });
});

describe("?cache_clear", () => {
  beforeEach(async () => {
    for (const number of [0, 1, 2]) await files.add(number);
  });

  it("asks for the number of tracks, in words and in a form", async () => {
    await says(clear);
    expect(desk.last).toMatchObject({
      title: "Delete the whole cache?",
      footer: "or type `?cache_clear confirm 3`",
      buttons: [{ label: "Delete everything…", style: "danger" }],
    });
    await presses(clear, "Delete everything…");
    expect(desk.forms).toMatchObject([{ id: "cache_clear:confirm:", field: { label: "Type 3 to confirm" } }]);
    expect(desk.forms[0]?.text).toContain("3 tracks (300 B) will be deleted");
    expect(await files.present()).toHaveLength(3);
  });

  it.each(["confirm 2", "confirm 30", "confirm 0", "0", "confirm yes", "yes"])(
    "deletes nothing for %j",
    async (line) => {
      await says(clear, line);
      expect(desk.last.tone).toBe("error");
      expect(await files.present()).toHaveLength(3);
    },
  );

  it.each(["confirm 3", "confirm:3", "3"])("deletes everything for %j", async (line) => {
    files.inUse.acquire(refOf(1));
    await says(clear, line);
    expect(desk.last).toEqual({
      tone: "done",
      title: "Cache cleared: 2 deleted",
      lines: [
        "Deleted **2 files**, **200 B** freed · 300 B → 100 B",
        "1 track playing now: deleted when it ends",
      ],
      footer: "started by <@ann>",
    });
    expect(await files.present()).toEqual([1]);
  });

  it("takes the number as a form would send it, and no other", async () => {
    for (const input of ["", "DELETE", "33", "3.0", "-3"]) {
      await sends(input);
      expect(desk.text).toContain("That is not the number. Nothing was deleted.");
    }
    await sends(" 3 ");
    expect(await files.present()).toEqual([]);
  });

  it("has nothing to ask when it is empty", async () => {
    await says(clear, "3");
    await says(clear);
    expect(desk.text).toContain("The cache is empty already.");
  });

  it("is refused to who may not", async () => {
    await says(clear, "confirm 3", anybody);
    await says(clear, "", anybody);
    expect(desk.text).toContain("Only the owner of this bot");
    expect(await files.present()).toHaveLength(3);
  });
});
