import { afterAll, beforeAll, expect, it } from "vitest";
import { ERRORS } from "../../src/core/errors.ts";
import type { BotProcess } from "../sandbox/bot-process.ts";
import { startSideServices, type SideServices } from "../sandbox/media/side-services.ts";
import type { Song } from "../sandbox/media/catalogue.ts";
import type { Stage } from "../sandbox/stage.ts";
import { answerTo, furnish, hears, onStage, says } from "./actions.ts";
import { Permission } from "../sandbox/discord/permissions.ts";

let stage: Stage;
let bot: BotProcess;
let services: SideServices;
let sung: Song;

beforeAll(async () => {
  services = await startSideServices();
});
afterAll(() => services.close());

onStage(async (ready) => {
  stage = ready;
  bot = await stage.startBot({ SERVICE_URLS: services.serviceUrls });
  services.addLyrics(LYRICS);
  sung = await stage.media.addSong({ title: "Sung Tone", artist: "The Tones", durationMs: 30_000 });
});

const LYRICS = {
  trackName: "Sung Tone",
  artistName: "The Tones",
  durationSeconds: 30,
  plainLyrics: Array.from({ length: 40 }, (_, line) => `line ${line + 1} *of* @everyone`).join("\n"),
  syncedLyrics: "[00:00.20] verse one\n[00:01.00]\n[00:06.50] verse two\n[00:08.00]\n[00:20.00] verse three",
};

it("lyrics go along with their song, and end with it", async () => {
  const { guild, ann } = furnish(stage);
  ann.says("general", `?play ${sung.url}`);
  await hears(stage, guild);
  await ann.uses("general", "lyrics");
  const shown = await says(stage, guild, "goes along with the song");
  expect(shown.text).toMatch(/Lyrics · .*Sung Tone[^]*verse one[^]*verse two/u);
  await stage.discord.until(() => shown.text.includes("**verse two**\n\n-# verse three"), {
    what: "the second verse",
    timeoutMs: 15_000,
  });
  ann.says("general", "?seek 21");
  await stage.discord.until(() => shown.text.includes("**verse three**"), {
    what: "the third verse",
    timeoutMs: 15_000,
  });
  ann.says("general", "?stop");
  await stage.discord.until(() => shown.text.includes("the song is over"), { what: "the end" });
  expect(services.requests.filter((url) => url.startsWith("/api/get"))).toHaveLength(1);
});

it.each(["prefix", "slash"] as const)("lyrics are read as a whole, page by page, by %s", async (surface) => {
  const { ann, guild } = furnish(stage);
  const quiet = await stage.media.addSong({ title: `Quiet ${surface}`, durationMs: 2_000 });
  const does = (values: Record<string, string>): Promise<string> =>
    answerTo(stage, { ann, surface, name: "lyrics", values });
  expect(await does({})).toContain(ERRORS.NOTHING_PLAYING.message);
  expect(await does({ song: quiet.url })).toContain("Nobody has written down the lyrics of");
  expect(await does({ song: sung.url })).toMatch(/line 1 \\\*of\\\* \\@everyone[^]*line 25 /u);
  const shown = await says(stage, guild, "line 25 ");
  const next = await ann.presses(shown, "Next ▶");
  expect(next.text).toMatch(/line 26 [^]*line 40 /u);
});

it("parts of a song that are no music are jumped over, where a server wants that", async () => {
  const song = await stage.media.addSong({ title: "Talk and Tone", durationMs: 12_000 });
  services.addSegments(song.id, 12, [[2, 10]]);
  const { guild, ann } = furnish(stage, {}, Permission.ManageGuild);
  const lengthOf = async (): Promise<number> => {
    const before = guild.heard.sounding.length;
    ann.says("general", `?play ${song.url}`);
    await says(stage, guild, "Played: ");
    return (guild.heard.sounding.length - before) / 50;
  };
  await ann.uses("general", "sponsorblock", { choice: "on" });
  expect(await lengthOf()).toBeCloseTo(4, 0);
  expect(services.requests.filter((url) => url.startsWith("/api/skipSegments/"))).toHaveLength(1);
});

it("when the queue ends, what the server played together goes on", async () => {
  const songs: Song[] = [];
  for (const title of ["One", "Two", "Three"])
    songs.push(await stage.media.addSong({ title: `Autoplay ${title}`, durationMs: 2_000 }));
  const { guild, ann } = furnish(stage, {}, Permission.ManageGuild);
  for (const { url, title } of songs) {
    ann.says("general", `?play ${url}`);
    // Their order counts, and what is looked up first is first in the queue.
    await says(stage, guild, new RegExp(title, "u"));
  }
  await says(stage, guild, /Played: .*Autoplay Three/u);
  await ann.uses("general", "autoplay", { choice: "on" });
  const played = guild.channel("general").messages.length;
  ann.says("general", `?play ${songs[0]?.url}`);
  await stage.discord.until(
    () =>
      guild
        .channel("general")
        .messages.slice(played)
        .some(({ text }) => text.includes("Autoplay Two")),
    { what: "the song that followed before", timeoutMs: 20_000 },
  );
  // What was played is written down a moment after it began.
  await expect
    .poll(async () => (await ann.uses("general", "history")).text, { interval: 200, timeout: 10_000 })
    .toMatch(/Autoplay Two.* · autoplay/u);
  ann.says("general", "?stop");
  await bot.event("player.finished");
});
