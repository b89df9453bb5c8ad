/** Who may use which command: every command × everybody × everywhere. A command without an entry fails. */
import { describe, expect, it } from "vitest";
import { loadCommands } from "../../src/app/load-commands.ts";
import { type Command, variantsOf } from "../../src/command/define.ts";
import { dispatch, dispatchOnMessage, dispatchPress } from "../../src/command/dispatch.ts";
import { type Action, type Actor, authorize, type Place } from "../../src/policy/permission.ts";
import { answered, NO_PEOPLE } from "../discord/message-lab.ts";
import { Desk } from "../fakes/command-context.ts";
import { BOB, GUILD } from "../fakes/people.ts";

/** The right that using it needs. What a part of it needs beyond that, its own tests show. */
const RIGHTS: Readonly<Record<string, Action>> = {
  autoplay: "view",
  back: "song.control",
  cache: "cache.view",
  "cache find": "cache.view",
  "cache pin": "cache.manage",
  "cache unpin": "cache.manage",
  "cache refresh": "cache.manage",
  "cache warm": "cache.manage",
  "cache always": "cache.manage",
  "cache never": "cache.manage",
  "cache default": "cache.manage",
  cache_cleanup: "cache.clean",
  cache_clear: "cache.clear",
  favourites: "view",
  "favourites add": "lists.keep",
  "favourites play": "play",
  "favourites remove": "lists.keep",
  filter: "view",
  grab: "view",
  clear: "queue.control",
  forward: "song.control",
  help: "view",
  history: "view",
  language: "view",
  lyrics: "view",
  loop: "view",
  move: "queue.control",
  permissions: "view",
  nowplaying: "view",
  pause: "song.control",
  play: "play",
  playlist: "view",
  "playlist create": "lists.keep",
  "playlist save": "lists.keep",
  "playlist add": "lists.keep",
  "playlist remove": "lists.keep",
  "playlist show": "view",
  "playlist play": "play",
  "playlist delete": "lists.keep",
  "playlist share": "lists.keep",
  "playlist take": "lists.keep",
  "playlist export": "view",
  "playlist import": "lists.keep",
  profile: "view",
  queue: "view",
  remove: "play",
  "remove duplicates": "play",
  "remove user": "play",
  replay: "song.control",
  resume: "play",
  rewind: "song.control",
  search: "play",
  seek: "song.control",
  settings: "view",
  skip: "view",
  sponsorblock: "view",
  shuffle: "queue.control",
  sleep: "view",
  stop: "queue.control",
  summon: "play",
  volume: "view",
};

/** What a requester may about their own songs is in the table of rights itself. */
const ALONE = "a member alone with the bot";

const PEOPLE: Readonly<Record<string, Actor>> = {
  member: BOB,
  [ALONE]: BOB,
  dj: { ...BOB, roleIds: ["dj"] },
  manager: { ...BOB, isManager: true },
  administrator: { ...BOB, isManager: true, isAdministrator: true },
  owner: { ...BOB, isOwner: true },
  bot: { ...BOB, kind: "bot", isOwner: true, isAdministrator: true, isManager: true },
};

const PLACES: Readonly<Record<string, Place>> = {
  "a guild": GUILD,
  "a guild with a DJ role": { ...GUILD, djRole: "dj" },
  "a guild whose DJs alone ask for songs": { ...GUILD, djRole: "dj", playFor: "dj" },
  "the only guild": { ...GUILD, isOnlyGuild: true },
  "a direct message": { ...GUILD, guildId: null },
};

const commands = await loadCommands();
const variants = commands.flatMap(variantsOf);

/** Somebody somewhere. */
interface Cell {
  readonly actor: Actor;
  readonly place: Place;
  readonly isAlone: boolean;
}

/** What somebody gets for each way of using a command: `ran`, or the code of the refusal. */
async function outcomes(command: Command, { actor, place, isAlone }: Cell): Promise<string[]> {
  const desk = new Desk();
  const ran = (): Promise<void> => Promise.resolve(desk.bench.log.info("ran"));
  const presses = Object.fromEntries(Object.keys(command.presses ?? {}).map((name) => [name, ran]));
  const onMessages = (command.onMessages ?? []).map(({ name }) => ({ name, run: ran }));
  const tame: Command = { ...command, args: {}, needs: [], run: ran, presses, onMessages };
  const deps = { log: desk.bench.log, newReference: () => "ref" };
  const context = desk.context({ actor, place, listenerIds: isAlone ? ["bob"] : ["ann", "bob"] });
  await dispatch(deps, tame, new Map(), context);
  for (const name of Object.keys(presses))
    await dispatchPress(deps, tame, { name, payload: "", input: "", fields: {} }, context);
  for (const action of onMessages)
    await dispatchOnMessage(deps, tame, { action, message: { text: "", files: [] } }, context);
  return desk.bench.log
    .named("command.run")
    .map(({ outcome }) => (outcome === "ok" ? "ran" : String(outcome)));
}

it("every command has its entry, and no entry is without a command", () => {
  expect(Object.fromEntries(variants.map(({ name, action }) => [name, action]))).toEqual(RIGHTS);
});

const cells = Object.entries(PEOPLE).flatMap(([who, actor]) =>
  Object.entries(PLACES).map(([where, place]) => ({ who, actor, where, place, isAlone: who === ALONE })),
);

describe.each(cells)("$who in $where", (cell) => {
  it.each(variants.map((command) => [command.name, command] as const))("%s", async (_name, command) => {
    const { actor, place, isAlone } = cell;
    const expected = authorize(actor, command.action, place, { isAlone, isOwn: false })?.code ?? "ran";
    const got = await outcomes(command, cell);
    expect(got.length).toBeGreaterThan(0);
    expect(new Set(got)).toEqual(new Set([expected]));
  });
});

describe("a typed command", () => {
  it.each(variants)("$name is answered to a person, also in a direct message", async ({ name }) => {
    expect(await answered(commands, { content: `?${name}` })).toBe(true);
  });

  describe.each(Object.entries(NO_PEOPLE))("of %s", (_who, sender) => {
    it.each(variants)("$name is not answered, wherever it is", async ({ name }) => {
      for (const inGuild of [() => false, () => true])
        expect(await answered(commands, { ...sender, content: `?${name}`, inGuild })).toBe(false);
    });
  });
});
