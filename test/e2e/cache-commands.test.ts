import { existsSync } from "node:fs";
import { describe, expect, it, vi } from "vitest";
import { ERRORS } from "../../src/core/errors.ts";
import { formatBytes } from "../../src/core/format.ts";
import type { Person } from "../sandbox/discord/person.ts";
import type { Song } from "../sandbox/media/catalogue.ts";
import { Stage } from "../sandbox/stage.ts";
import { answerTo, furnish, hears, type Room, says } from "./actions.ts";
import { type FullCache, onFullCache, ONLY_OWNER } from "./full-cache.ts";

let full: FullCache;
let stage: Stage;
let room: Room;
let owner: Person;
let songs: readonly Song[];

onFullCache((ready) => {
  full = ready;
  ({ stage, room, owner, songs } = full);
});

describe("cache", () => {
  it("shows tracks, bytes, limit, hits and misses, and the most played", async () => {
    await full.startBot({ CACHE_LIMIT: "1MiB" });
    const counts = (): unknown =>
      stage.inDatabase((database) =>
        database.prepare("select outcome, count(*) as plays from plays group by outcome").all(),
      );
    const before = JSON.stringify(counts());
    room.ann.says("general", `?play ${songs[3]!.url}`);
    await hears(stage, room.guild);
    // A play is counted a moment after it has begun.
    await vi.waitUntil(() => JSON.stringify(counts()) !== before);
    const plays = await stage.discord.until(
      () => {
        const rows = counts() as { outcome: string; plays: number }[];
        const byOutcome = new Map(rows.map((row) => [row.outcome, row.plays]));
        // A play is written down a moment after it has begun.
        return byOutcome.has("hit") ? byOutcome : undefined;
      },
      { what: "the play is counted" },
    );
    const [hits = 0, misses = 0] = [plays.get("hit"), plays.get("miss")];
    const bytes = full.bytesOf(...songs.map(({ id }) => id));
    const share = Math.floor((bytes / 1024 ** 2) * 100);
    for (const surface of ["prefix", "slash"] as const) {
      const text = await answerTo(stage, { ann: room.ann, surface, name: "cache stats" });
      expect(text).toContain(`**6** tracks · **${formatBytes(bytes)} of 1 MiB** (${share} %)`);
      expect(text).toContain(`**${Math.floor((hits / (hits + misses)) * 100)} %** hit rate (30 days)`);
      expect(text).toMatch(new RegExp(`${hits} hits? · ${misses} miss(?:es)? · 0 joined`, "u"));
      expect(text).toContain("Song C");
      expect(text).toContain("Here: 1 play · **100 %** without a download");
    }
    const shown = await room.ann.uses("general", "cache stats");
    expect(shown.ephemeral).toBe(true);
    expect((await room.ann.presses(shown, "Refresh")).text).toContain("**6** tracks");
    room.ann.says("general", "?stop");
  });
});

describe("cache_cleanup", () => {
  it("previews, lists, deletes what it said, and tells the numbers", async () => {
    const bot = await full.startBotLimitedTo("C", "D", "E");
    const going = full.ids("Old", "A", "B");
    const size = formatBytes(full.bytesOf(...going));
    const shown = await full.preview();
    expect(shown.text).toMatch(
      /preview — nothing deleted yet[^]*1 track not played lately[^]*2 tracks over the limit/u,
    );
    expect(shown.text).toContain(`**3 files**, **${size}**`);
    const list = await owner.presses(shown, "Show list");
    expect(list.ephemeral).toBe(true);
    for (const { id } of songs) expect(list.text.includes(id)).toBe(going.includes(id));
    expect(await full.kept()).toHaveLength(6);

    await owner.presses(shown, "Delete 3 files");
    await stage.discord.until(() => shown.text.includes("Clean-up done"), { what: "the report" });
    expect(shown.text).toContain(`Deleted **3 files**, **${size}** freed`);
    expect(shown.buttons).toEqual([]);
    expect(await full.kept()).toEqual(["C", "D", "E"]);
    expect(new Set(bot.named("cache.removed").map(({ key }) => key))).toEqual(new Set(going));
    const nothing = await full.preview();
    expect(nothing.text).toContain("Nothing to clean up");
  });

  it("shows a new preview instead of deleting when the cache has changed", async () => {
    await full.startBotLimitedTo("C", "D", "E");
    const shown = await full.preview();
    room.ann.says("general", `?play ${songs[1]!.url}`);
    await hears(stage, room.guild);
    await owner.presses(shown, "Delete 3 files");
    await stage.discord.until(() => shown.text.includes("The cache has changed — nothing deleted yet"), {
      what: "the new preview",
    });
    expect(await full.kept()).toHaveLength(6);
    await owner.presses(shown, "Delete 3 files");
    await stage.discord.until(() => shown.text.includes("Clean-up done"), { what: "the report" });
    expect(await full.kept()).toEqual(["A", "D", "E"]);
    room.ann.says("general", "?stop");
  });

  it("obeys the one who asked, and only with the right to", async () => {
    await full.startBotLimitedTo("C", "D", "E");
    const shown = await full.preview();
    const admin = room.guild.addPerson({ name: "Adam", permissions: "administrator" });
    const foreign = await admin.presses(shown, "Delete 3 files");
    expect(foreign).toMatchObject({ ephemeral: true, text: ERRORS.NOT_YOUR_BUTTON.message });
    const member = await room.ann.presses(shown, "Delete 3 files");
    expect(member).toMatchObject({ ephemeral: true, text: ONLY_OWNER });
    await owner.presses(shown, "Cancel");
    expect(shown.text).toContain("Nothing was deleted");
    expect(await full.kept()).toHaveLength(6);
  });
});

describe("cache_clear", () => {
  it("wants the number of tracks, and lets what plays play to its end", async () => {
    const bot = await full.startBot();
    const last = songs[5]!;
    const file = await full.fileOf(last);
    const used = await owner.uses("general", "cache_clear");
    expect(used.ephemeral).toBe(true);
    expect(used.text).toContain("**6 tracks**");
    room.ann.says("general", `?play ${last.url}`);
    await hears(stage, room.guild);

    const form = await owner.presses(used, "Delete everything…");
    const wrong = await owner.submitsModal(form, { "Type 6 to confirm": "7" });
    expect(wrong).toMatchObject({ ephemeral: true, text: ERRORS.WRONG_NUMBER.message });
    expect(await full.kept()).toHaveLength(6);

    const again = await owner.presses(used, "Delete everything…");
    await owner.submitsModal(again, { "Type 6 to confirm": "6" });
    await stage.discord.until(() => used.text.includes("Cache cleared"), { what: "the report" });
    expect(used.text).toMatch(/Deleted \*\*5 files\*\*[^]*1 track playing now: deleted when it ends/u);
    expect(await full.kept()).toEqual(["E"]);
    await bot.event("player.finished");
    await stage.discord.until(() => !existsSync(file), { what: "the last file goes" });
    expect(room.guild.heard.sounding.length).toBeGreaterThan(0);
    await bot.event("cache.removed", { count: 6 });
  });

  it("takes the number behind the prefix command too", async () => {
    await full.startBot();
    const clear = { ann: owner, surface: "prefix" } as const;
    const asked = await answerTo(stage, { ...clear, name: "cache_clear" });
    expect(asked).toContain("or type `?cache_clear confirm 6`");
    const wrong = await answerTo(stage, { ...clear, name: "cache_clear confirm 5" });
    expect(wrong).toBe(ERRORS.WRONG_NUMBER.message);
    expect(await full.kept()).toHaveLength(6);
    const right = await answerTo(stage, { ...clear, name: "cache_clear confirm 6" });
    expect(right).toContain("Deleted **6 files**");
    expect(await full.kept()).toEqual([]);
  });
});

describe("who may clean and clear", () => {
  it("is the owner; an administrator only where the operator says so; a member never", async () => {
    const elsewhere = furnish(stage, { name: "Elsewhere" });
    const stranger = elsewhere.guild.addPerson({ name: "Sven", permissions: "administrator" });
    const guest = elsewhere.guild.addPerson({ name: "Olga", sameAs: owner });
    const bot = await full.startBot();
    const admin = room.guild.addPerson({ name: "Adam", permissions: "administrator" });
    for (const name of ["cache_cleanup", "cache_clear"]) {
      for (const who of [room.ann, admin, stranger]) {
        expect(await answerTo(stage, { ann: who, surface: "prefix", name })).toBe(ONLY_OWNER);
      }
      for (const who of [admin, stranger]) {
        expect(await answerTo(stage, { ann: who, surface: "slash", name })).toBe(ONLY_OWNER);
      }
      await expect(room.ann.uses("general", name)).rejects.toThrow("does not see the command");
      for (const who of [owner, guest]) {
        expect(await answerTo(stage, { ann: who, surface: "prefix", name })).not.toContain("may do that");
      }
    }
    await bot.stop();
    await full.startBot({ CACHE_ADMIN_GUILDS: room.guild.id });
    const may = (who: Person): Promise<string> =>
      answerTo(stage, { ann: who, surface: "slash", name: "cache_cleanup" });
    expect(await may(admin)).toContain("Clean-up preview");
    expect(await may(stranger)).toBe(ONLY_OWNER);
    await says(stage, elsewhere.guild, ONLY_OWNER);
  });

  it("is an administrator while the bot serves that one guild", async () => {
    await using small = await Stage.set();
    const { guild } = furnish(small);
    const admin = guild.addPerson({ name: "Adam", permissions: "administrator" });
    await small.startBot();
    expect(await answerTo(small, { ann: admin, surface: "slash", name: "cache_clear" })).toContain(
      "empty already",
    );
  });
});
