import { mkdir, readdir, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { command as cache } from "../../commands/cache.ts";
import { command as cleanup } from "../../commands/cache_cleanup.ts";
import { command as clear } from "../../commands/cache_clear.ts";
import { dispatch, dispatchPress } from "../../src/command/dispatch.ts";
import type { Command } from "../../src/command/define.ts";
import { parseButtonId } from "../../src/command/panel.ts";
import { splitLine } from "../../src/command/split-line.ts";
import type { KeepRule } from "../../src/policy/admission.ts";
import type { CacheTools } from "../../src/command/cache-tools.ts";
import type { CommandContext } from "../../src/command/context.ts";
import type { CacheStatistics } from "../../src/maintenance/statistics.ts";
import { Desk } from "../fakes/command-context.ts";
import { youtubeId } from "../fakes/tracks.ts";
import { type MaintenanceUnderTest, refOf, setUp } from "../maintenance/set-up.ts";
import { BOB } from "../fakes/people.ts";

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
let plays: CacheStatistics["plays"];
let rules: KeepRule[];

beforeEach(async () => {
  files = await setUp();
  statistics = STATISTICS;
  plays = { hits: 3, misses: 1, shared: 0 };
  rules = [];
  desk = new Desk({
    keepRules: { rulesOf: async () => rules, setRule: () => Promise.reject(new Error("not here")) },
    maintenance: files.maintenance,
    statistics: () => Promise.resolve(statistics),
    cacheTools: { playsOf: async () => plays } as unknown as CacheTools,
  });
});

const deps = () => ({ log: desk.bench.log, newReference: () => "ref" });
const says = (command: Command, line = "", more: Partial<CommandContext> = {}): Promise<void> =>
  dispatch(deps(), command, splitLine(command.args, line), desk.context({ surface: "prefix", ...more }));
/** Presses the button of a label in the last answer that has it. */
const presses = (command: Command, label: string, more: Partial<CommandContext> = {}): Promise<void> => {
  const buttons = desk.answers.flatMap(({ panel }) => panel.buttons ?? []);
  const id = buttons.findLast((button) => button.label === label)?.id ?? "none";
  const { press: name, payload } = parseButtonId(id) ?? { press: "none", payload: "" };
  return dispatchPress(
    deps(),
    command,
    { name, payload, input: "", fields: {} },
    desk.context({ surface: "button", ...more }),
  );
};
const bob = {
  actor: { ...BOB, isOwner: true },
} as const;
const anybody = { actor: { ...bob.actor, isOwner: false } } as const;

const overfull = async (): Promise<void> => {
  for (const number of [0, 1]) await files.add(number, { playedDaysAgo: 100 });
  for (const number of [10, 11, 12]) await files.add(number, { bytes: 400 });
};

const sends = (count: string): Promise<void> =>
  dispatchPress(
    deps(),
    clear,
    { name: "confirm", payload: "", input: "", fields: { count } },
    desk.context({ surface: "form" }),
  );

describe("?cache", () => {
  it("shows how full it is, how often it helped, and what is played most", async () => {
    await says(cache);
    expect(desk.last).toEqual({
      tone: "warning",
      title: "Cache",
      lines: [
        "**1,284** tracks · **7.3 GiB of 8 GiB** (91 %)",
        "**75 %** hit rate (30 days) · 61 hits · 20 misses · 1 joined a running download",
        "Here: 4 plays · **75 %** without a download",
        "**Most played**",
        "1\\. One \\*Last\\* Kiss · 1,048",
      ],
      footer: "longest unplayed <t:1700000000:R> · never cleaned up",
      buttons: [
        { label: "Refresh", id: "cache:refresh:", style: "secondary" },
        { label: "Preview clean-up", id: "cache_cleanup:press:", style: "secondary" },
      ],
    });
  });

  it("is there for everybody, without a button for what they may not do", async () => {
    await says(cache, "", anybody);
    expect(desk.last.buttons?.map(({ label }) => label)).toEqual(["Refresh"]);
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
    plays = { hits: 0, misses: 0, shared: 0 };
    await presses(cache, "Refresh");
    expect(desk.text).toContain("Here: no plays yet");
    expect(desk.answers.at(-1)?.how).toBe("update");
    expect(desk.last.tone).toBe("info");
    expect(desk.text).toContain("**1** track ·");
    expect(desk.text).toContain("no plays yet");
    expect(desk.text).toContain("empty · never cleaned up");
  });

  it("tells the rules of this server, if there are any", async () => {
    await says(cache);
    expect(desk.text).not.toContain("Rules here");
    rules = [
      { scope: { kind: "guild" }, verdict: "never" },
      { scope: { kind: "longer", minutes: 45 }, verdict: "always" },
    ];
    await says(cache);
    expect(desk.text).toContain("**Rules here**");
    expect(desk.text).toContain("- Songs asked for in this server: never stored");
    expect(desk.text).toContain("- Songs longer than 45 min asked for in this server: always stored");
    rules = Array.from({ length: 13 }, (_, at) => ({
      scope: { kind: "room", name: `${at}` },
      verdict: "never",
    }));
    await says(cache);
    expect(desk.text).toContain("- and 3 more");
  });

  it("rounds no share up to the whole", async () => {
    statistics = { ...STATISTICS, bytes: 8 * GIB - 1, hitRate: 0.999 };
    await says(cache);
    expect(desk.text).toContain("(99 %)");
    expect(desk.text).toContain("**99 %** hit rate");
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
    expect(desk.forms).toMatchObject([
      { id: "cache_clear:confirm:", fields: [{ label: "Type 3 to confirm" }] },
    ]);
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

  it.each(["night", "night-00c0ffee"])("takes the files of %s alone when told to", async (profile) => {
    const folder = path.join(files.folder, "night-00c0ffee");
    await mkdir(folder);
    await writeFile(path.join(folder, `${youtubeId(1)}.opus`), "a song");
    await says(clear, `profile ${profile}`);
    expect(desk.last).toMatchObject({
      title: `Delete the songs of ${profile}?`,
      footer: `or type \`?cache_clear confirm 1 profile ${profile}\``,
    });
    await presses(clear, "Delete them…");
    expect(desk.forms.at(-1)).toMatchObject({
      id: `cache_clear:confirm:${profile}`,
      fields: [{ label: "Type 1 to confirm" }],
    });
    await says(clear, `confirm 3 profile ${profile}`);
    expect(desk.text).toContain("That is not the number.");
    const sent = { name: "confirm", payload: profile, input: "", fields: { count: "1" } };
    await dispatchPress(deps(), clear, sent, desk.context({ surface: "form" }));
    expect(desk.text).toContain("Deleted **1 file**");
    expect(await readdir(folder)).toEqual([]);
    expect(await files.present()).toHaveLength(3);
  });

  it("names the profiles there are when there is none of that name", async () => {
    await says(clear, "profile loud");
    expect(desk.text).toBe("\nThere are no files of that profile. There are: standard.\n");
    await says(clear, "confirm 3 profile loud");
    expect(await files.present()).toHaveLength(3);
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
