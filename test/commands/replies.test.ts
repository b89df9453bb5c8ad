/** What commands answer, in every language, when people ask for songs with nasty names. */
import path from "node:path";
import { describe, expect, it, vi } from "vitest";
import { loadCommands } from "../../src/app/load-commands.ts";
import { splitLine } from "../../src/command/split-line.ts";
import { variantOf } from "../../src/command/define.ts";
import { dispatch } from "../../src/command/dispatch.ts";
import type { Panel } from "../../src/command/panel.ts";
import type { Taste } from "../../src/command/taste.ts";
import type { KnownSong } from "../../src/core/catalogue.ts";
import { cacheKey, type Track } from "../../src/core/track.ts";
import { PlayLog } from "../../src/db/play-log.ts";
import { Resolutions } from "../../src/db/resolutions.ts";
import { renderPanel } from "../../src/discord/render.ts";
import { LANGUAGES, type Texts } from "../../src/texts/texts.ts";
import { freshDatabase, PROFILE } from "../db/database.ts";
import { Desk } from "../fakes/command-context.ts";
import { harmOf, NASTY_TITLES } from "../fakes/nasty-titles.ts";
import { tasteIn } from "../fakes/taste.ts";
import { youtubeId, youtubeTrack } from "../fakes/tracks.ts";
import { type Component, textIn, walk } from "../sandbox/discord/components.ts";

/** In this order each of them has something to say about songs. */
const LINES = [
  "play a song",
  "play another song",
  "queue",
  "nowplaying",
  "cache find song",
  "favourites add",
  "favourites show",
  "playlist create My list",
  "playlist add My list",
  "playlist show My list",
  "playlist all",
  "playlist export My list",
  "lyrics",
  "lyrics --whole",
  "history",
  "grab",
  "autoplay",
  "sponsorblock",
  "pause",
  "nowplaying",
  "resume",
  "play a third song",
  "move 2 1",
  "remove 1",
  "loop queue",
  "queue",
  "loop off",
  "shuffle",
  "sleep song",
  "search song",
  "skip",
  "stop",
  "stop",
  "skip",
  "queue",
  "volume",
  "volume 999",
  "language",
  "help play",
  "help nothing",
];

const commands = await loadCommands();

/** Everything that is answered to the lines, where all songs have that title and artist. */
async function evening(title: string, texts: Texts): Promise<Panel[]> {
  const asked = (number: number): Track =>
    youtubeTrack(youtubeId(number), { title, artist: title, durationMs: 295_000 });
  const known = {
    key: "youtube-x",
    track: asked(9),
    isCached: true,
    isPinned: true,
    playCount: 2,
  } as unknown as KnownSong;
  let count = 0;
  const taste = await likings(asked(9));
  const desk = new Desk(
    {
      taste,
      commands: commands.flatMap((command) => variantOf(command, "") ?? []),
      resolve: async () => ({ kind: "tracks", tracks: [asked((count += 1))], startMs: 0 }),
      search: async () => [asked(7), asked(8)],
      ownSongs: () => ({ find: async () => [known], searches: async () => [], elsewhere: async () => [] }),
    },
    texts,
  );
  desk.bench.voice.autoplay = false;
  desk.bench.provide = async ({ item }) => ({ ...desk.bench.audio(item), durationMs: 295_000 });
  for (const line of LINES) {
    const [name = "", first = "", ...rest] = line.split(" ");
    const top = commands.find((command) => command.name === name)!;
    const part = first === "" ? undefined : variantOf(top, first);
    const command = part ?? variantOf(top, "")!;
    const words = part ? rest.join(" ") : [first, ...rest].join(" ");
    const deps = { log: desk.bench.log, newReference: () => "ref" };
    await dispatch(deps, command, splitLine(command.args, words), desk.context({ surface: "prefix" }));
    if (line === LINES[0])
      await vi.waitUntil(() => desk.services.sessions.of("guild").state.status === "playing");
  }
  await desk.services.sessions.close();
  return desk.answers.map(({ panel }) => panel);
}

/** A song that was played here, and whose lyrics are its title. */
async function likings(track: Track): Promise<Taste> {
  const db = await freshDatabase();
  await new Resolutions(db).rememberTrack(track, 1);
  const play = { outcome: "hit", waitedMs: 1, bytesSaved: 1, personId: "1" } as const;
  const where = { guildId: "guild", profileId: PROFILE.id };
  await new PlayLog(db).record({ atMs: 1_000, key: cacheKey(track), ...where, ...play });
  const taste = tasteIn(db);
  const { title } = track;
  taste.found = { isInstrumental: false, lines: [title, "", title], timed: [{ atMs: 0, text: title }] };
  return taste;
}

const componentsOf = (panel: Panel): Component[] =>
  renderPanel(panel).components.map((component) => component.toJSON() as unknown as Component);

describe.each(Object.entries(LANGUAGES))("answers in %s", (code, texts) => {
  it("read well", async () => {
    const panels = await evening("Africa *live*", texts);
    const all = panels.map((panel) =>
      [textIn(componentsOf(panel)), ...(panel.buttons ?? []).map(({ label }) => `[${label}]`)].join("\n"),
    );
    const file = path.join(import.meta.dirname, "replies", `${code}.txt`);
    await expect(`${[...new Set(all)].join("\n\n")}\n`).toMatchFileSnapshot(file);
  });

  it.each(NASTY_TITLES)("do no harm with %j", async (title) => {
    const panels = await evening(title, texts);
    expect(panels.length).toBeGreaterThanOrEqual(LINES.length);
    for (const panel of panels) {
      const components = componentsOf(panel);
      const text = textIn(components);
      expect(harmOf(text)).toBeUndefined();
      expect(text.length).toBeLessThanOrEqual(4_000);
      expect([...walk(components)].length).toBeLessThanOrEqual(40);
      expect(text).not.toMatch(/undefined|NaN|\[object/u);
    }
  });
});
