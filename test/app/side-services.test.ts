import { beforeEach, expect, it } from "vitest";
import { createSideServices } from "../../src/app/side-services.ts";
import { DEFAULT_GUILD_OPTIONS } from "../../src/core/guild-options.ts";
import { silentLogger } from "../../src/core/logger.ts";
import type { Track } from "../../src/core/track.ts";
import { freshDatabase } from "../db/database.ts";
import { youtubeId, youtubeTrack } from "../fakes/tracks.ts";
import { song } from "../player/set-up.ts";
import { startServer } from "../sources/bad-server.ts";

const NEVER = new AbortController().signal;
const RECORDING = youtubeTrack(youtubeId(1), { title: "AFRICA!!1 (live)", durationMs: 295_000 });
const NAMED = youtubeTrack("4uLU6hMCjMI75M1A2tKUQC", {
  source: "spotify",
  title: "Africa",
  artist: "Toto",
  durationMs: null,
});

let isOn: boolean;
let known: Track | undefined;
let asked: readonly string[];
let services: ReturnType<typeof createSideServices>;

beforeEach(async () => {
  isOn = true;
  known = RECORDING;
  const { port, requests } = await startServer((request, response) => {
    const isLyrics = request.url?.startsWith("/api/get");
    const segments = [{ segment: [0, 10], videoDuration: 295 }];
    const lyrics = { trackName: "Africa", artistName: "Toto", duration: 295, plainLyrics: "la" };
    response.end(JSON.stringify(isLyrics ? lyrics : [{ videoID: RECORDING.id, segments }]));
  });
  asked = requests;
  const url = `http://127.0.0.1:${port}`;
  services = createSideServices({
    config: { sources: { serviceUrls: { lrclib: url, sponsorblock: url } } } as Parameters<
      typeof createSideServices
    >[0]["config"],
    db: await freshDatabase(),
    matcher: { known: async (track) => (track.source === "youtube" ? track : known) },
    options: { of: () => ({ ...DEFAULT_GUILD_OPTIONS, sponsorBlock: isOn }) },
    log: silentLogger,
  });
});

it("parts are left out only where a guild wants that", async () => {
  const wish = { guildId: "here", item: { ...song(1), track: RECORDING } };
  isOn = false;
  expect(await services.cuts(wish, NEVER)).toEqual([]);
  expect(asked).toEqual([]);
  isOn = true;
  expect(await services.cuts(wish, NEVER)).toEqual([{ fromMs: 0, toMs: 10_000 }]);
});

it("a song that is only named is looked up as its recording, by its own name", async () => {
  const wish = { guildId: "here", item: { ...song(1), track: NAMED } };
  expect(await services.cuts(wish, NEVER)).toEqual([{ fromMs: 0, toMs: 10_000 }]);
  expect((await services.lyrics.find(NAMED, NEVER))?.lines).toEqual(["la"]);
  expect(asked[1]).toBe("/api/get?track_name=Africa&artist_name=Toto&duration=295");
});

it("of a song whose recording is not known nobody is asked", async () => {
  known = undefined;
  const wish = { guildId: "here", item: { ...song(1), track: NAMED } };
  expect(await services.cuts(wish, NEVER)).toEqual([]);
  expect(await services.lyrics.find(NAMED, NEVER)).toBeUndefined();
  expect(asked).toEqual([]);
});
