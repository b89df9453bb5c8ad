import { describe, expect, it, vi } from "vitest";
import type { CacheTools } from "../../src/command/cache-tools.ts";
import { loadCommands } from "../../src/app/load-commands.ts";
import { type Command, usageText, variantOf, variantsOf } from "../../src/command/define.ts";
import { buttonId, type Panel, parseButtonId } from "../../src/command/panel.ts";
import { loadingPanel } from "../../src/command/song-panels.ts";
import type { CacheStatistics } from "../../src/maintenance/statistics.ts";
import { LANGUAGES, type Texts } from "../../src/texts/texts.ts";
import { setUp as setUpMaintenance } from "../maintenance/set-up.ts";
import { Desk } from "../fakes/command-context.ts";
import { youtubeId, youtubeTrack } from "../fakes/tracks.ts";
import { LOUNGE } from "../player/set-up.ts";

const DEMANDED = [
  "autoplay",
  "back",
  "cache",
  "cache_cleanup",
  "cache_clear",
  "clear",
  "favourites",
  "filter",
  "forward",
  "grab",
  "help",
  "history",
  "language",
  "loop",
  "lyrics",
  "move",
  "nowplaying",
  "pause",
  "permissions",
  "play",
  "playlist",
  "profile",
  "queue",
  "remove",
  "replay",
  "resume",
  "rewind",
  "search",
  "seek",
  "settings",
  "shuffle",
  "skip",
  "sleep",
  "sponsorblock",
  "stop",
  "summon",
  "volume",
];
/** https://docs.discord.com/developers/interactions/application-commands#application-command-object-application-command-naming */
const DISCORD_NAME = /^[-_'\p{Ll}\p{N}]{1,32}$/u;
const MAX_BUTTON_ID = 100;
/** Five rows of five. */
const MOST_BUTTONS = 25;
const LONGEST_PAYLOAD = "0".repeat(24);

const commands = await loadCommands();

describe("the folder of commands", () => {
  it("has what a person may type, by exactly these names", () => {
    expect(commands.map(({ name }) => name)).toEqual(expect.arrayContaining(DEMANDED));
  });

  it("gives no name twice, other names included", () => {
    const names = commands.flatMap(({ name, aliases = [] }) => [name, ...aliases]);
    expect(names.toSorted()).toEqual([...new Set(names)].toSorted());
  });

  it("names the file that is not a command", async () => {
    await expect(loadCommands(import.meta.dirname)).rejects.toThrow(
      /test\/contracts\/.*must export a `command`/u,
    );
  });
});

/** All that a command says of itself in a language, as Discord counts it: 8,000 characters at most. */
function charactersOf(command: Command, texts: Texts): number {
  const parts = variantsOf(command).flatMap(({ name, description, args }) => [
    name,
    description(texts),
    ...Object.entries(args).flatMap(([arg, { description: about }]) => [arg, about(texts)]),
    ...Object.values(args).flatMap((arg) => (arg.kind === "choice" ? [...arg.choices, ...arg.choices] : [])),
  ]);
  return parts.join("").length;
}

it.each(Object.entries(LANGUAGES))("no command says more in %s than Discord takes", (_code, texts) => {
  for (const command of commands) expect(charactersOf(command, texts)).toBeLessThanOrEqual(8_000);
  expect(commands.length).toBeLessThanOrEqual(100);
});

const runnable = commands.flatMap(variantsOf);

describe.each(runnable.map((command) => [command.name, command] as const))("%s", (_name, command) => {
  const args = Object.entries(command.args);

  it("has names and descriptions that Discord takes", () => {
    const words = command.name.split(" ");
    expect(words.length).toBeLessThanOrEqual(2);
    for (const [name, about] of [
      ...words.map((word) => [word, command.description] as const),
      ...args.map(([arg, { description }]) => [arg, description] as const),
    ]) {
      expect(name).toMatch(DISCORD_NAME);
      expect(name).toBe(name.toLowerCase());
      for (const texts of Object.values(LANGUAGES)) {
        expect(about(texts).length).toBeGreaterThanOrEqual(1);
        expect(about(texts).length).toBeLessThanOrEqual(100);
      }
    }
    for (const alias of command.aliases ?? []) expect(alias).toMatch(/^[a-z_]+$/u);
    expect(args.length).toBeLessThanOrEqual(25);
  });

  it("has no more and no longer choices than Discord takes", () => {
    for (const [, arg] of args) {
      if (arg.kind !== "choice") continue;
      expect(arg.choices.length).toBeLessThanOrEqual(25);
      for (const name of arg.choices) expect(name).toMatch(/^[a-z0-9_-]{1,100}$/u);
      expect(new Set(arg.choices).size).toBe(arg.choices.length);
    }
  });

  it("asks for what it must have first, and for one text at most", () => {
    const required = args.map(([, arg]) => arg.required);
    expect(required).toEqual(required.toSorted((a, b) => Number(b) - Number(a)));
    expect(args.filter(([, arg]) => arg.kind === "text").length).toBeLessThanOrEqual(1);
  });

  it("is found by its words on both surfaces, and has a word for itself where it has subcommands", () => {
    const [name = "", word = ""] = command.name.split(" ");
    const top = commands.find((one) => one.name === name)!;
    expect(variantOf(top, word)).toEqual(command);
    expect(top.mainWord === undefined).toBe(top.subcommands === undefined);
    expect(Object.keys(top.subcommands ?? {})).not.toContain(top.mainWord);
    expect(Object.keys(top.subcommands ?? {}).length).toBeLessThan(25);
  });

  it("has buttons whose names fit", () => {
    for (const press of Object.keys(command.presses ?? {})) {
      expect(press).toMatch(/^[a-z]+$/u);
      const [name = ""] = command.name.split(" ");
      const id = buttonId(name, press, LONGEST_PAYLOAD);
      expect(id.length).toBeLessThanOrEqual(MAX_BUTTON_ID);
      expect(parseButtonId(id)).toEqual({ command: name, press, payload: LONGEST_PAYLOAD });
    }
  });

  it("hides what only admins may do, and nothing else", () => {
    if (command.name.includes(" ")) return;
    const isForAdmins = command.action === "cache.clean" || command.action === "cache.clear";
    expect(command.shownTo !== undefined).toBe(isForAdmins);
  });

  it("tells how it is used", () => {
    expect(usageText(command, "?", LANGUAGES.en)).toMatch(
      new RegExp(`^\\?${command.name}( <\\w+>)*( \\[[^\\]]+\\])*$`, "u"),
    );
  });
});

/** Why a drawn button would lead nowhere; `undefined` = it leads somewhere. */
function problemOf(id: string): string | undefined {
  const parsed = parseButtonId(id);
  const command = commands.find(({ name }) => name === parsed?.command);
  if (!parsed || !command || id.length > MAX_BUTTON_ID) return `${id} is no button of ours`;
  // A bare press runs the command without arguments, so it must need none.
  const runs = parsed.press === "press" && Object.values(command.args).every(({ required }) => !required);
  return runs || Object.hasOwn(command.presses ?? {}, parsed.press) ? undefined : `${id} does nothing`;
}

const NO_STATISTICS: CacheStatistics = {
  files: 1,
  bytes: 1,
  limitBytes: 2,
  plays: { hits: 0, misses: 0, shared: 0 },
  hitRate: null,
  mostPlayed: [],
  oldestUseMs: undefined,
  lastCleanup: undefined,
};

/** The rows of buttons of everything that can be asked for while a long queue plays. */
async function drawnButtons(): Promise<string[][]> {
  const maintenance = await setUpMaintenance();
  await maintenance.add(0, { playedDaysAgo: 100 });
  const desk = new Desk({
    maintenance: maintenance.maintenance,
    statistics: () => Promise.resolve(NO_STATISTICS),
    cacheTools: { playsOf: () => Promise.resolve(NO_STATISTICS.plays) } as unknown as CacheTools,
    resolve: () => Promise.resolve({ kind: "playlist", id: "PLlist", entries: (async function* () {})() }),
    commands,
  });
  desk.bench.voice.autoplay = false;
  const session = desk.services.sessions.of("guild");
  const tracks = Array.from({ length: 25 }, (_, number) => youtubeTrack(youtubeId(number)));
  session.enqueue(
    tracks.map((track) => desk.context().newItem(track, 0)),
    LOUNGE,
  );
  await vi.waitFor(() => expect(session.state.status).toBe("playing"));
  const asked = [
    "cache",
    "cache_cleanup",
    "cache_clear",
    "help",
    "queue",
    "nowplaying",
    "pause",
    "nowplaying",
  ];
  for (const name of asked) await commands.find((known) => known.name === name)?.run(desk.context(), {});
  await variantOf(
    commands.find(({ name }) => name === "cache")!,
    "warm",
  )?.run(desk.context(), {
    playlist: "list",
  });
  await desk.services.warming.settled;
  await desk.services.sessions.close();
  const panels: Panel[] = [
    ...desk.answers.map(({ panel }) => panel),
    loadingPanel(youtubeTrack(youtubeId(1)), null, LANGUAGES.en),
  ];
  return panels.map(({ buttons = [], menu }) => [...buttons, ...(menu ? [menu] : [])].map(({ id }) => id));
}

describe("every button and menu that is drawn", () => {
  it("leads to a command or to a press of it, and has a name of its own in its message", async () => {
    const rows = await drawnButtons();
    expect(new Set(rows.flat().map((id) => id.split(":").slice(0, 2).join(":")))).toEqual(
      new Set([
        "cache:refresh",
        "cache:cancel",
        "cache_cleanup:press",
        "cache_cleanup:delete",
        "cache_cleanup:list",
        "cache_cleanup:cancel",
        "cache_clear:ask",
        "help:page",
        "pause:press",
        "resume:press",
        "skip:press",
        "back:press",
        "loop:turn",
        "shuffle:press",
        "volume:ask",
        "queue:press",
        "queue:page",
        "queue:pick",
        "stop:press",
      ]),
    );
    expect(rows.flat().flatMap((id) => problemOf(id) ?? [])).toEqual([]);
    expect(rows.filter((row) => new Set(row).size < row.length || row.length > MOST_BUTTONS)).toEqual([]);
  });
});
