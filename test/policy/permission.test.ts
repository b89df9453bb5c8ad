import { describe, expect, it } from "vitest";
import { phrase } from "../../src/core/sentence.ts";
import { type Action, type Actor, authorize, type Place } from "../../src/policy/permission.ts";

const ACTIONS: Record<Action, "everyone" | "guild admins" | "admins"> = {
  play: "everyone",
  view: "everyone",
  "guild.manage": "guild admins",
  "cache.view": "everyone",
  "cache.manage": "admins",
  "cache.clean": "admins",
  "cache.clear": "admins",
};

const person = (isOwner: boolean, isAdministrator: boolean): Actor => ({
  id: "1",
  name: "Ann",
  kind: "person",
  isOwner,
  isAdministrator,
});
const ACTORS = {
  member: person(false, false),
  administrator: person(false, true),
  owner: person(true, false),
  "owner and administrator": person(true, true),
  bot: { ...person(true, true), kind: "bot" },
} as const satisfies Record<string, Actor>;

const PLACES = {
  "one of many guilds": { guildId: "g", isOnlyGuild: false, isCacheAdminGuild: false },
  "the only guild": { guildId: "g", isOnlyGuild: true, isCacheAdminGuild: false },
  "a cache admin guild": { guildId: "g", isOnlyGuild: false, isCacheAdminGuild: true },
  "a direct message": { guildId: null, isOnlyGuild: true, isCacheAdminGuild: true },
} as const satisfies Record<string, Place>;

function expected(actor: keyof typeof ACTORS, action: Action, place: keyof typeof PLACES): string {
  if (actor === "bot") return "NOT_ALLOWED";
  if (place === "a direct message") return "NOT_IN_GUILD";
  if (ACTIONS[action] === "everyone" || actor.startsWith("owner")) return "allowed";
  if (actor === "administrator" && ACTIONS[action] === "guild admins") return "allowed";
  return actor === "administrator" && place !== "one of many guilds" ? "allowed" : "NOT_ALLOWED";
}

const actors = Object.keys(ACTORS) as (keyof typeof ACTORS)[];
const places = Object.keys(PLACES) as (keyof typeof PLACES)[];
const actions = Object.keys(ACTIONS) as Action[];
const cells = actors.flatMap((actor) =>
  places.flatMap((place) => actions.map((action) => ({ actor, place, action }))),
);

const allowed = (action: Action): number =>
  cells.filter((cell) => cell.action === action && !authorize(ACTORS[cell.actor], action, PLACES[cell.place]))
    .length;

describe("who may do what", () => {
  it.each(cells)("$actor in $place: $action", ({ actor, place, action }) => {
    const refusal = authorize(ACTORS[actor], action, PLACES[place]);
    expect(refusal?.code ?? "allowed").toBe(expected(actor, action, place));
  });

  it("allows managing, cleaning and clearing in exactly 8 of 20 cells each", () => {
    expect(actions.map(allowed)).toEqual([12, 12, 9, 12, 8, 8, 8]);
  });

  it("says who may", () => {
    expect(authorize(ACTORS.member, "guild.manage", PLACES["the only guild"])?.context).toEqual({
      who: phrase("ADMINISTRATOR"),
    });
    expect(authorize(ACTORS.member, "cache.clear", PLACES["the only guild"])?.context).toEqual({
      who: phrase("OWNER"),
    });
  });
});
