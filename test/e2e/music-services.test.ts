import { afterAll, beforeAll, expect, it } from "vitest";
import type { BotProcess } from "../sandbox/bot-process.ts";
import { type MusicServices, type NamedSong, startMusicServices } from "../sandbox/media/music-services.ts";
import type { Stage } from "../sandbox/stage.ts";
import { furnish, measure, onStage, says } from "./actions.ts";

let stage: Stage;
let bot: BotProcess;
let services: MusicServices;

beforeAll(async () => {
  services = await startMusicServices();
});

afterAll(() => services.close());

onStage(async (ready) => {
  stage = ready;
  bot = await stage.startBot({ SERVICE_URLS: services.serviceUrls, MORE_SOURCES: "soundcloud" });
});

const SPOTIFY_ID = "4uLU6hMCjMI75M1A2tKUQC";
const LINK = `https://open.spotify.com/intl-de/track/${SPOTIFY_ID}?si=0123`;

const named = (id: string, title: string): NamedSong => ({
  id,
  title,
  artists: ["The Tones"],
  durationMs: 3_000,
});

it("plays a song of Spotify from YouTube, and the second time from the cache without asking anybody", async () => {
  const { guild, ann } = furnish(stage);
  const song = await stage.media.addSong({
    title: "Named Tune",
    artist: "The Tones",
    frequencyHz: 587,
    durationMs: 3_000,
  });
  await stage.media.addSong({
    title: "Named Tune (live)",
    artist: "The Tones",
    frequencyHz: 440,
    durationMs: 3_000,
  });
  services.addSong(named(SPOTIFY_ID, "Named Tune"));
  ann.says("general", `?play ${LINK}`);
  await bot.event("player.finished");
  expect((await measure(stage, guild.heard)).dominantFrequencyHz).toBeCloseTo(587, -1);
  expect((await stage.cachedFiles()).map((file) => file.split("/")[1])).toEqual([`${song.id}.opus`]);

  const runs = (await stage.media.extractorCalls()).length;
  ann.says("general", `?play ${LINK}`);
  await bot.event("player.finished", { count: 2 });
  expect(await stage.media.extractorCalls()).toHaveLength(runs);
  expect(services.requests).toHaveLength(1);
});

it("looks only for those songs of a long list that are needed", async () => {
  const { guild, ann } = furnish(stage, { name: "Listeners" });
  const titles = Array.from({ length: 60 }, (_, index) => `List Song Number${index}`);
  for (const title of titles.slice(0, 4))
    await stage.media.addSong({ title, artist: "The Tones", durationMs: 3_000 });
  services.addList(
    "playlist/908622995",
    titles.map((title, index) => named(String(index + 1), title)),
  );
  const searches = stage.media.catalogue.counters.searches;
  const started = bot.named("player.started").length;
  ann.says("general", "?play https://www.deezer.com/de/playlist/908622995");
  await says(stage, guild, "60");
  await bot.event("player.started", { count: started + 2 });
  expect(guild.heard.sounding.length).toBeGreaterThan(100);
  // The two that were heard and the two after them.
  expect(stage.media.catalogue.counters.searches - searches).toBeLessThanOrEqual(4);
  ann.says("general", "?stop");
  await says(stage, guild, /stopped|left/iu);
});

it("names the song for which there is no recording", async () => {
  const { guild, ann } = furnish(stage, { name: "Seekers" });
  services.addSong(named("77", "Nobody Plays This"));
  ann.says("general", "?play https://music.apple.com/us/album/x/76?i=77");
  expect((await says(stage, guild, "was found on YouTube")).text).toContain("The Tones – Nobody Plays This");
});

it("plays from further sites that the operator allows, and from no others", async () => {
  const { guild, ann } = furnish(stage, { name: "Crowd" });
  const url = "https://soundcloud.com/the-tones/tune";
  await stage.media.addSong({ title: "Cloud Tune", url, frequencyHz: 698, durationMs: 2_000 });
  const finished = bot.named("player.finished").length;
  ann.says("general", `?play ${url}`);
  await bot.event("player.finished", { count: finished + 1 });
  expect((await measure(stage, guild.heard)).dominantFrequencyHz).toBeCloseTo(698, -1);
  expect((await stage.cachedFiles()).join(" ")).toContain("/soundcloud.");
  ann.says("general", "?play https://tones.bandcamp.com/track/tune");
  expect((await says(stage, guild, "switched off")).text).toContain("bandcamp");
});
