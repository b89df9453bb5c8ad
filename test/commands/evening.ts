/** An evening on which every command is used, and all songs have the same title and artist. */
import { vi } from "vitest";
import { createGuildProfiles } from "../../src/app/guild-profiles.ts";
import { loadCommands } from "../../src/app/load-commands.ts";
import type { AttachedFile } from "../../src/command/args.ts";
import type { CacheTools } from "../../src/command/cache-tools.ts";
import type { Resolved, Services } from "../../src/command/context.ts";
import { type Command, variantOf, variantsOf } from "../../src/command/define.ts";
import { dispatch, dispatchPress } from "../../src/command/dispatch.ts";
import { type Panel, parseButtonId } from "../../src/command/panel.ts";
import { splitLine } from "../../src/command/split-line.ts";
import { AppError } from "../../src/core/errors.ts";
import type { CacheEntry } from "../../src/core/audio-profile.ts";
import { audioProfiles } from "../../src/core/audio-profiles.ts";
import type { KnownSong } from "../../src/core/catalogue.ts";
import { phrase } from "../../src/core/sentence.ts";
import { cacheKey, type Track } from "../../src/core/track.ts";
import { GuildSettings } from "../../src/db/guild-settings.ts";
import { PlayLog } from "../../src/db/play-log.ts";
import { Resolutions } from "../../src/db/resolutions.ts";
import type { Database } from "../../src/db/schema.ts";
import type { CacheStatistics } from "../../src/maintenance/statistics.ts";
import type { Texts } from "../../src/texts/texts.ts";
import { freshDatabase, PROFILE } from "../db/database.ts";
import { Desk } from "../fakes/command-context.ts";
import { tasteIn, type TasteUnderTest } from "../fakes/taste.ts";
import { youtubeId, youtubeTrack } from "../fakes/tracks.ts";
import { setUp } from "../maintenance/set-up.ts";

/** In this order each of them has something to say. `press` = the button or menu of that name on the last answer. */
export const LINES = [
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
  "playlist import My list",
  "playlist save Tonight",
  "playlist share My list",
  "playlist take My list",
  "playlist remove 1 My list",
  "playlist play Tonight --shuffle",
  "playlist delete Tonight",
  "favourites play",
  "favourites remove 1",
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
  "play next one --next",
  "play a list",
  "play nothing",
  "move 2 1",
  "remove 1",
  "remove duplicates",
  "remove user 123456789012345678",
  "loop queue",
  "queue",
  "press pick",
  "press first",
  "loop off",
  "shuffle",
  "sleep song",
  "search song",
  "press pick",
  "seek 1:00",
  "forward",
  "rewind 0:30",
  "replay",
  "skip",
  "back",
  "summon",
  "clear",
  "stop",
  "stop",
  "skip",
  "queue",
  "volume",
  "volume 999",
  "filter",
  "filter nightcore",
  "profile",
  "profile night",
  "language",
  "language de",
  "settings",
  "settings stay on",
  "permissions",
  "cache",
  "cache pin song",
  "cache unpin song",
  "cache refresh song",
  "cache warm a list",
  "cache never channel Somebody",
  "cache always",
  "cache default",
  "cache_cleanup",
  "press list",
  "cache_clear",
  "help",
  "help play",
  "help nothing",
];

const commands = await loadCommands();

/** A line as its command and what follows. */
function understood(line: string): { readonly command: Command; readonly rest: string } {
  const [name = "", first = "", ...rest] = line.split(" ");
  const top = commands.find((command) => command.name === name)!;
  const part = first === "" ? undefined : variantOf(top, first);
  return { command: part ?? variantOf(top, "")!, rest: (part ? rest : [first, ...rest]).join(" ") };
}

const isPress = (line: string): boolean => line.startsWith("press ");
const used = new Set(LINES.filter((line) => !isPress(line)).map((line) => understood(line).command.name));

/** The names of commands and subcommands that no line uses. */
export const UNUSED: readonly string[] = commands
  .flatMap(variantsOf)
  .map(({ name }) => name)
  .filter((name) => !used.has(name));

/** Everything that is answered, where all songs have that title and artist. */
export async function evening(title: string, texts: Texts): Promise<Panel[]> {
  const desk = new Desk(await servicesFor(title, texts), texts);
  desk.bench.voice.autoplay = false;
  desk.bench.provide = async ({ item }) => ({ ...desk.bench.audio(item), durationMs: 295_000 });
  for (const line of LINES) {
    if (isPress(line)) await press(desk, line.slice("press ".length));
    else await say(desk, line);
    if (line === LINES[0])
      await vi.waitUntil(() => desk.services.sessions.of("guild").state.status === "playing");
  }
  await desk.services.warming.settled;
  await desk.services.sessions.close();
  return [...desk.answers.map(({ panel }) => panel), ...desk.whispers];
}

async function say(desk: Desk, line: string): Promise<void> {
  const { command, rest } = understood(line);
  await dispatch(
    depsOf(desk),
    command,
    splitLine(command.args, rest, [FILE]),
    desk.context({ surface: "prefix" }),
  );
}

async function press(desk: Desk, name: string): Promise<void> {
  const { buttons = [], menu } = desk.last;
  const controls = [...buttons, ...(menu ? [menu] : [])];
  const parsed = controls.map(({ id }) => parseButtonId(id)).find((id) => id?.press === name);
  const command = commands.find((known) => known.name === parsed?.command);
  if (!parsed || !command) throw new Error(`nothing to press is called ${name}`);
  const given = { name, payload: parsed.payload, input: menu?.options[0]?.value ?? "", fields: {} };
  await dispatchPress(depsOf(desk), command, given, desk.context({ surface: "button" }));
}

const depsOf = ({ bench }: Desk) => ({ log: bench.log, newReference: () => "ref" });

/** What hangs on every message. */
const FILE: AttachedFile = {
  name: "list.m3u",
  url: "https://cdn.discordapp.com/attachments/1/2/list.m3u",
  bytes: 100,
  contentType: undefined,
};

async function servicesFor(title: string, texts: Texts): Promise<Partial<Services>> {
  const asked = (number: number): Track =>
    youtubeTrack(youtubeId(number), { title, artist: title, durationMs: 295_000 });
  const known = { key: "youtube-x", track: asked(9), isCached: true, isPinned: true, playCount: 2 };
  const files = await setUp();
  for (const number of [0, 1]) {
    await files.add(number, { playedDaysAgo: 100 });
    await new Resolutions(files.db).rememberTrack(asked(number), 1);
  }
  let count = 0;
  return {
    taste: await tasteFor(asked(9)),
    commands: commands.flatMap(variantsOf),
    resolve: async (text) => await found(text, () => asked((count += 1))),
    search: async () => [asked(7), asked(8)],
    ownSongs: () => ({
      find: async () => [known as unknown as KnownSong],
      searches: async () => [],
      elsewhere: async () => [],
    }),
    profiles: profilesIn(files.db),
    languages: { textsFor: () => texts, choiceOf: () => undefined, choose: async () => undefined },
    statistics: async () => statisticsOf(title),
    maintenance: files.maintenance,
    cacheTools: TOOLS,
    keepRules: {
      rulesOf: async () => [{ scope: { kind: "channel", name: title }, verdict: "never" }],
      setRule: async () => undefined,
    },
    lacks: () => [{ channelId: "general", task: "pictures", missing: [phrase("EMBED_LINKS")] }],
  };
}

async function found(text: string, next: () => Track): Promise<Resolved> {
  if (text === "nothing") throw new AppError("NOTHING_FOUND");
  if (text !== "a list") return { kind: "tracks", tracks: [next()], startMs: 0 };
  const entries = (async function* () {
    yield next();
    yield next();
  })();
  return { kind: "playlist", id: "PLlist", entries };
}

const profiles = audioProfiles({ loudnessTargetLufs: -14, truePeakCeilingDbtp: -1, bitrateKbps: 128 });

function profilesIn(db: Database): Services["profiles"] {
  return createGuildProfiles(new GuildSettings(db), { profile: profiles.standard, profiles });
}

const PLAYS = { hits: 3, misses: 1, shared: 0 };

const TOOLS: CacheTools = {
  pin: async () => 1,
  refresh: async () => ({ bytes: 4_096 }) as CacheEntry,
  prepare: async () => "fetched",
  playsOf: async () => PLAYS,
};

function statisticsOf(title: string): CacheStatistics {
  return {
    files: 2,
    bytes: 2_048,
    limitBytes: 4_096,
    plays: PLAYS,
    hitRate: 0.75,
    mostPlayed: [{ title, artist: title, plays: 7 }],
    oldestUseMs: 1_000,
    lastCleanup: undefined,
  };
}

/** A song that was played here, and whose lyrics are its title. */
async function tasteFor(track: Track): Promise<TasteUnderTest> {
  const db = await freshDatabase();
  await new Resolutions(db).rememberTrack(track, 1);
  const play = { outcome: "hit", waitedMs: 1, bytesSaved: 1, personId: "1" } as const;
  const where = { guildId: "guild", profileId: PROFILE.id };
  await new PlayLog(db).record({ atMs: 1_000, key: cacheKey(track), ...where, ...play });
  const { title } = track;
  const lyrics = { isInstrumental: false, lines: [title, "", title], timed: [{ atMs: 0, text: title }] };
  return Object.assign(tasteIn(db), {
    found: lyrics,
    readList: async () => ({ tracks: [track], unknown: 1 }),
  });
}
