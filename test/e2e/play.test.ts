import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import * as path from "node:path";
import { describe, expect, it } from "vitest";
import type { BotProcess, LogEvent } from "../sandbox/bot-process.ts";
import { textOf } from "../sandbox/discord/message.ts";
import type { Song } from "../sandbox/media/catalogue.ts";
import type { Stage } from "../sandbox/stage.ts";
import { asked, furnish, hears, measure, onStage, says, written } from "./actions.ts";

let stage: Stage;
let bot: BotProcess;

onStage(async (ready) => {
  stage = ready;
  bot = await stage.startBot();
});

/** Everything by which a file would betray that somebody touched it. */
async function fingerprint(song: Song): Promise<object> {
  const name = (await stage.cachedFiles()).find((file) => file.endsWith(`/${song.id}.opus`)) ?? "none";
  const file = path.join(stage.cacheDirectory, "audio", name);
  const [{ ino, mtimeNs, size }, bytes] = await Promise.all([stat(file, { bigint: true }), readFile(file)]);
  return { ino, mtimeNs, size, sha256: createHash("sha256").update(bytes).digest("hex") };
}

describe("what is heard", () => {
  it("is the song at the target loudness, however loud the source", async () => {
    const wanted = [
      { frequencyHz: 440, loudnessLufs: -8, format: "webm" },
      { frequencyHz: 523, loudnessLufs: -14, format: "m4a" },
      { frequencyHz: 659, loudnessLufs: -23, format: "webm" },
      { frequencyHz: 784, loudnessLufs: -35, format: "m4a" },
    ] as const;
    const rooms = await Promise.all(
      wanted.map(async (tone) => ({
        ...furnish(stage, { name: `${tone.loudnessLufs} LUFS` }),
        song: await stage.media.addSong({ ...tone, title: `Tone ${tone.frequencyHz}`, durationMs: 5000 }),
      })),
    );
    for (const { ann, song } of rooms) ann.says("general", `?play ${song.url}`);
    await bot.event("player.finished", { count: rooms.length });
    await bot.event("cache.published", { count: rooms.length });
    // What is heard while it arrives is near to it; what is kept is exact.
    for (const { guild, ann, song } of rooms) {
      guild.heard.reset();
      ann.says("general", `?play ${song.url}`);
    }
    await bot.event("player.finished", { count: 2 * rooms.length });
    for (const { guild, song } of rooms) {
      const sound = await measure(stage, guild.heard);
      expect(Math.abs(sound.dominantFrequencyHz - song.frequencyHz)).toBeLessThan(1.5);
      expect(Math.abs(sound.integratedLufs! - -14)).toBeLessThanOrEqual(0.5);
      expect(sound.truePeakDbtp!).toBeLessThanOrEqual(-0.7);
      expect(guild.heard.lost).toBe(0);
      expect(Math.abs(guild.heard.durationMs - song.durationMs)).toBeLessThanOrEqual(60);
    }
  });

  it("is a queue in its order, without a gap in the numbering", async () => {
    const { guild, ann } = furnish(stage);
    const frequencies = [392, 494, 587];
    const songs = await Promise.all(
      frequencies.map((frequencyHz) =>
        stage.media.addSong({ title: `Q${frequencyHz}`, frequencyHz, durationMs: 2000 }),
      ),
    );
    const ofSong = songs.map(({ id }) => ({ matches: (event: LogEvent) => event["id"] === id }));
    for (const song of songs) {
      ann.says("general", `?play ${song.url}`);
      await says(stage, guild, song.title);
    }
    for (const [index, song] of songs.entries()) {
      await bot.event("player.started", ofSong[index]);
      guild.heard.mark(song.id);
    }
    await bot.event("player.finished", ofSong[2]);
    const heard = await Promise.all(songs.map(({ id }) => measure(stage, guild.heard.part(id))));
    expect(heard.map(({ dominantFrequencyHz }) => Math.round(dominantFrequencyHz))).toEqual(frequencies);
    expect(guild.heard.lost).toBe(0);
    expect(Math.abs(guild.heard.durationMs - 6000)).toBeLessThanOrEqual(180);
  });

  it("begins where the link says", async () => {
    const { guild, ann } = furnish(stage);
    const song = await stage.media.addSong({ title: "From two seconds on", durationMs: 4000 });
    ann.says("general", `?play ${song.url}&t=2`);
    await bot.event("player.finished", { matches: ({ id }) => id === song.id });
    expect(Math.abs(guild.heard.durationMs - 2000)).toBeLessThanOrEqual(60);
  });
});

describe("a song that was skipped and is played again", () => {
  it.each(["prefix", "slash"])("costs no request and touches no file (%s)", async (surface) => {
    const { guild, ann } = furnish(stage);
    const song = await stage.media.addSong({ title: `Again by ${surface}`, durationMs: 6000 });
    const play = async (): Promise<void> => {
      if (surface === "slash") await ann.uses("general", "play", { query: song.url });
      else ann.says("general", `?play ${song.url}`);
      await hears(stage, guild);
    };
    const skip = async (count: number): Promise<void> => {
      if (surface === "slash") await ann.uses("general", "skip");
      else ann.says("general", "?skip");
      const end = await bot.event("player.finished", { count, matches: ({ id }) => id === song.id });
      expect(end["reason"]).toBe("interrupted");
    };
    await play();
    await bot.event("cache.published", { matches: ({ key }) => key === song.id });
    await skip(1);
    const before = { ...(await fingerprint(song)), ...(await asked(stage, song)) };
    await play();
    await skip(2);
    expect({ ...(await fingerprint(song)), ...(await asked(stage, song)) }).toEqual(before);
    expect(bot.named("cache.hit", ({ key }) => key === song.id)).toHaveLength(1);
    await bot.stop();
    const row = stage.inDatabase((database) =>
      database.prepare("select play_count as plays from cache_entries where key = ?").get(song.id),
    );
    expect(row).toEqual({ plays: 2 });
    bot = await stage.startBot();
  });
});

describe("the answer to play", () => {
  it("goes through the stages of a miss in one message, and comes at once for a hit", async () => {
    const { guild, ann } = furnish(stage);
    const song = await stage.media.addSong({ title: "Slow", durationMs: 5000 });
    stage.media.setFaults(song.id, { throttleBytesPerSecond: 60_000 });
    const miss = await ann.uses("general", "play", { query: song.url });
    await says(stage, guild, "Played: ");
    expect(written(stage, guild)).toEqual([miss.message]);
    const shown = miss.messageHistory.map((state) => textOf(state));
    const stages = [
      /not in the cache yet/u,
      / % · .* of /u,
      /Now playing[^]*while it downloads/u,
      /^Played: /u,
    ];
    const firstSeen = stages.map((stageText) => shown.findIndex((text) => stageText.test(text)));
    expect(firstSeen).not.toContain(-1);
    expect(firstSeen).toEqual(firstSeen.toSorted((a, b) => a - b));

    const hit = await ann.uses("general", "play", { query: song.url });
    expect(hit).toMatchObject({ deferred: false, ephemeral: false, callbackType: 4 });
    expect(textOf(hit.messageHistory[0])).toMatch(/Now playing[^]*from cache \(played 1 time before\)/u);
    await says(stage, guild, /from cache[^]*ends/u);
    await ann.uses("general", "stop");
  });
});

describe("what can be asked for", () => {
  it("is a link that nobody asked for before: one run of the extractor tells what it is and fetches it", async () => {
    const { guild, ann } = furnish(stage);
    const song = await stage.media.addSong({ title: "Told on the way", durationMs: 2000 });
    const runs = async (): Promise<number> => (await stage.media.extractorCalls()).length;
    const before = await runs();
    ann.says("general", `?play ${song.url}`);
    await says(stage, guild, "Told on the way");
    await bot.event("player.finished", { matches: ({ id }) => id === song.id });
    expect((await runs()) - before).toBe(1);
    expect(bot.named("cache.miss", ({ key }) => key === song.id)).toHaveLength(1);
    expect(bot.named("cache.shared", ({ key }) => key === song.id)).toHaveLength(0);
  });

  it("is found by words, and the second time without the network", async () => {
    const { guild, ann } = furnish(stage);
    const song = await stage.media.addSong({ title: "Wandering Kestrel", durationMs: 3000 });
    ann.says("general", "?play kestrel   WANDERING");
    await hears(stage, guild);
    ann.says("general", "?stop");
    await bot.event("player.finished", { matches: ({ id }) => id === song.id });
    const before = await asked(stage, song);
    expect(stage.media.catalogue.counters.searches).toBe(1);
    ann.says("general", "?play Kestrel wandering");
    await bot.event("player.started", { count: 2, matches: ({ id }) => id === song.id });
    expect(await asked(stage, song)).toEqual(before);
    expect(stage.media.catalogue.counters.searches).toBe(1);
    ann.says("general", "?stop");
  });

  it("is a file behind a private address only when DIRECT_HOSTS names it", async () => {
    const { guild, ann } = furnish(stage);
    const song = await stage.media.addSong({ title: "Direct", frequencyHz: 698, durationMs: 2000 });
    ann.says("general", `?play ${song.directUrl}`);
    await says(stage, guild, "That address is not public. The operator can allow it with DIRECT_HOSTS.");
    expect(stage.media.counters(song.id).requests).toBe(0);
    await bot.stop();
    bot = await stage.startBot({ DIRECT_HOSTS: "127.0.0.1" });
    const requests: number[] = [];
    for (const plays of [1, 2]) {
      ann.says("general", `?play ${song.directUrl}`);
      await bot.event("player.finished", { count: plays });
      requests.push(stage.media.counters(song.id).requests);
    }
    // One look at what it is, and one download; afterwards nothing.
    expect(requests).toEqual([2, 2]);
    const { dominantFrequencyHz } = await measure(stage, guild.heard);
    expect(Math.round(dominantFrequencyHz)).toBe(698);
    expect(bot.named("cache.hit")).toHaveLength(1);
  });
});
