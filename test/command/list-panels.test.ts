import { beforeEach, describe, expect, it, test } from "vitest";
import type { CommandContext } from "../../src/command/context.ts";
import { addedPanel, listName, listPanel, listsPanel } from "../../src/command/list-panels.ts";
import { buttonId, type Panel } from "../../src/command/panel.ts";
import { favouritesOf, placeOf } from "../../src/command/saved-lists.ts";
import { parseListName, type SavedList } from "../../src/core/saved-list.ts";
import { LANGUAGES } from "../../src/texts/texts.ts";
import { Desk } from "../fakes/command-context.ts";
import { harmOf, NASTY_TITLES } from "../fakes/nasty-titles.ts";
import { youtubeId, youtubeTrack } from "../fakes/tracks.ts";

const { en } = LANGUAGES;
const MAX_BUTTON_ID = 100;

let desk: Desk;
let context: CommandContext;

beforeEach(() => {
  desk = new Desk();
  context = desk.context();
});

const textOf = ({ title = "", lines, footer = "" }: Panel): string => [title, ...lines, footer].join("\n");
const songs = Array.from({ length: 23 }, (_, number) => youtubeTrack(youtubeId(number + 1)));

describe("a page of a list", () => {
  it("shows ten songs with their numbers, and marks those that start at once", async () => {
    desk.cachedIds.add(youtubeId(12));
    const place = placeOf(context, "Road trip", true);
    const panel = await listPanel(context, place, songs, { command: "playlist", page: 2, about: "x:y" });
    expect(panel.title).toBe("Road trip · 23 songs · of this server · 0:23");
    expect(panel.lines).toHaveLength(10);
    expect(panel.lines.slice(0, 2)).toEqual([
      `11\\. **Somebody – Title of ${youtubeId(11)}** · 0:01`,
      `12\\. ⚡ **Somebody – Title of ${youtubeId(12)}** · 0:01`,
    ]);
    expect(panel.buttons?.map(({ id, disabled = false }) => [id, disabled])).toEqual([
      [buttonId("playlist", "page", "1:back:x:y"), false],
      [buttonId("playlist", "page", "2:here:x:y"), true],
      [buttonId("playlist", "page", "3:next:x:y"), false],
    ]);
  });

  it.each([
    [0, "1\\."],
    [99, "21\\."],
  ])("%i is the nearest that there is", async (page, first) => {
    const view = { command: "favourites", page };
    const { lines } = await listPanel(context, favouritesOf(context), songs, view);
    expect(lines[0]).toContain(first);
  });

  it("says what to do when there is nothing", async () => {
    const view = { command: "x", page: 1 };
    const favourites = await listPanel(context, favouritesOf(context), [], view);
    expect(textOf(favourites)).toContain("No favourites yet.");
    expect(textOf(await listPanel(context, placeOf(context, "a", false), [], view))).toContain(
      "Nothing is in it yet.",
    );
    expect(favourites.buttons).toBeUndefined();
  });
});

const list = (name: string, held: number): SavedList => ({
  name,
  songs: held,
  durationMs: held * 60_000,
  madeBy: "1",
  changedAtMs: 1,
});

it("all lists are told apart by whose they are", () => {
  expect(listsPanel({ own: [list("a", 1)], guilds: [list("b", 0)] }, 1, en).lines).toEqual([
    "Yours",
    "- **a** · 1 song · 1:00",
    "This server's",
    "- **b** · 0 songs",
  ]);
  expect(listsPanel({ own: [], guilds: [] }, 1, en).lines).toEqual([en.lists.none]);
});

const many = (whose: string): SavedList[] =>
  Array.from({ length: 25 }, (_, number) => list(`${whose} ${number} ${"x".repeat(40)}`, 9));

it("many lists have pages, on which each stands once", () => {
  const all = { own: many("own"), guilds: many("guild") };
  const pages = [1, 2, 3].map((page) => listsPanel(all, page, en));
  const names = pages.flatMap(({ lines }) => lines.filter((line) => line.startsWith("- ")));
  expect(names).toHaveLength(50);
  expect(new Set(names).size).toBe(50);
  expect(pages.map(({ lines }) => lines[0])).toEqual(["Yours", "Yours", "This server's"]);
  for (const page of pages) expect(textOf(page).length).toBeLessThan(3_500);
  expect(pages[0]?.buttons?.at(-1)).toMatchObject({
    id: buttonId("playlist", "page", "2:next"),
    disabled: false,
  });
  expect(listsPanel(all, 99, en)).toEqual(pages[2]);
});

it("what became of songs is told in full", () => {
  const [track] = songs;
  if (!track) throw new Error("there is none");
  const told = (added: number, known: number, left: number, unknown: number): readonly string[] =>
    addedPanel("a", songs.slice(0, 3), { added, known, left, unknown }, en).lines;
  expect(told(3, 0, 0, 0)).toEqual(["Added **3 songs** to **a**."]);
  expect(told(1, 1, 1, 2)).toEqual([
    "Added **1 song** to **a**.",
    "1 song of these stood in it already.",
    "There was no room for 1 song more.",
    "2 entries of the file I could not take.",
  ]);
  const one = addedPanel("a", [track], { added: 1, known: 0, left: 0 }, en);
  expect(one).toMatchObject({ tone: "done", lines: [expect.stringContaining("Added **Somebody – Title")] });
  expect(addedPanel("a", [track], { added: 0, known: 1, left: 0 }, en).tone).toBe("info");
});

test.each(NASTY_TITLES)("a list and songs named %j do no harm, and their buttons fit", async (nasty) => {
  const named = songs.map((track) => ({ ...track, title: nasty, artist: nasty }));
  const name = parseListName(nasty.slice(0, 50)) ?? "a";
  const place = placeOf(context, name, false);
  const about = `server:${name}`;
  const shown = await listPanel(context, place, named, { command: "playlist", page: 9_999, about });
  const added = addedPanel(listName(place, en), named.slice(0, 1), { added: 1, known: 0, left: 0 }, en);
  for (const panel of [shown, listsPanel({ own: [list(name, 1)], guilds: [list(name, 1)] }, 1, en), added])
    expect(harmOf(textOf(panel))).toBeUndefined();
  for (const { id } of shown.buttons ?? []) expect(id.length).toBeLessThanOrEqual(MAX_BUTTON_ID);
});
