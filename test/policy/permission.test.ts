import { describe, expect, it } from "vitest";
import { phrase } from "../../src/core/sentence.ts";
import {
  type Action,
  ACTIONS,
  type Actor,
  authorize,
  hasSay,
  type Place,
  type Stakes,
} from "../../src/policy/permission.ts";
import { BOB, GUILD } from "../fakes/people.ts";

const NOTHING: Stakes = { isAlone: false, isOwn: false };
const WITH_RIGHTS = { isOwner: true, isAdministrator: true, isManager: true, roleIds: ["dj"] };

/** Everybody there is, with what is at stake for them. */
const PEOPLE = {
  member: [BOB, NOTHING],
  "member with another role": [{ ...BOB, roleIds: ["guild", "other"] }, NOTHING],
  requester: [BOB, { ...NOTHING, isOwn: true }],
  "alone with the bot": [BOB, { ...NOTHING, isAlone: true }],
  dj: [{ ...BOB, roleIds: ["other", "dj"] }, NOTHING],
  manager: [{ ...BOB, isManager: true }, NOTHING],
  administrator: [{ ...BOB, isManager: true, isAdministrator: true }, NOTHING],
  owner: [{ ...BOB, isOwner: true }, NOTHING],
  bot: [
    { ...BOB, ...WITH_RIGHTS, kind: "bot" },
    { isAlone: true, isOwn: true },
  ],
} as const satisfies Record<string, readonly [Actor, Stakes]>;

const PLACES = {
  "a guild": GUILD,
  "a guild with a DJ role": { ...GUILD, djRole: "dj" },
  "a guild whose DJs alone ask for songs": { ...GUILD, djRole: "dj", playFor: "dj" },
  "a guild that has no DJ role and lets DJs alone ask": { ...GUILD, playFor: "dj" },
  "the only guild": { ...GUILD, isOnlyGuild: true },
  "a cache admin guild": { ...GUILD, isCacheAdminGuild: true },
  "a direct message": { ...GUILD, guildId: null, isOnlyGuild: true, isCacheAdminGuild: true },
} as const satisfies Record<string, Place>;

type Who = keyof typeof PEOPLE;
type Where = keyof typeof PLACES;

const people = Object.keys(PEOPLE) as Who[];
const places = Object.keys(PLACES) as Where[];
const EVERYONE = people.filter((who) => who !== "bot");
const MANAGERS: readonly Who[] = ["manager", "administrator", "owner"];
const DJS: readonly Who[] = ["dj", ...MANAGERS];

/** Who may, where it is the same in every guild. */
const ALWAYS: Partial<Record<Action, readonly Who[]>> = {
  view: EVERYONE,
  "lists.keep": EVERYONE,
  "cache.view": EVERYONE,
  "guild.manage": MANAGERS,
};

const CACHE_ADMINS: Partial<Record<Where, readonly Who[]>> = {
  "the only guild": ["administrator", "owner"],
  "a cache admin guild": ["administrator", "owner"],
};

const WITH_DJ_ROLE: Partial<Record<Action, readonly Who[]>> = {
  "song.control": ["requester", "alone with the bot", ...DJS],
  "queue.control": ["alone with the bot", ...DJS],
};

const MAY_PLAY: Partial<Record<Where, readonly Who[]>> = {
  "a guild whose DJs alone ask for songs": DJS,
  "a guild that has no DJ role and lets DJs alone ask": MANAGERS,
};

const djsOf = ({ djRole }: Place): readonly Who[] => (djRole === undefined ? MANAGERS : DJS);

function allowedOnes(action: Action, where: Where): readonly Who[] {
  if (where === "a direct message") return [];
  const place: Place = PLACES[where];
  if (action === "play") return MAY_PLAY[where] ?? EVERYONE;
  if (action === "options.dj") return djsOf(place);
  if (action in WITH_DJ_ROLE) return (place.djRole !== undefined && WITH_DJ_ROLE[action]) || EVERYONE;
  return ALWAYS[action] ?? CACHE_ADMINS[where] ?? ["owner"];
}

function refusalOf(who: Who, where: Where): string {
  return who !== "bot" && where === "a direct message" ? "NOT_IN_GUILD" : "NOT_ALLOWED";
}

const cells = places.flatMap((where) =>
  ACTIONS.flatMap((action) => people.map((who) => ({ where, action, who }))),
);
const allowedBy = (action: Action, where: Where) => authorize(BOB, action, PLACES[where])?.context["who"];
const deciding = (where: Where): Who[] =>
  EVERYONE.filter((one) => hasSay(PEOPLE[one][0], PLACES[where], PEOPLE[one][1]));
const authorized = (who: Who, action: Action, where: Where): string => {
  const [actor, stakes] = PEOPLE[who];
  return authorize(actor, action, PLACES[where], stakes)?.code ?? "allowed";
};

describe("who may do what", () => {
  it.each(cells)("in $where: $action, $who", ({ where, action, who }) => {
    const isAllowed = allowedOnes(action, where).includes(who);
    expect(authorized(who, action, where)).toBe(isAllowed ? "allowed" : refusalOf(who, where));
  });

  it("is so many cells of the whole table", () => {
    const allowed = cells.filter(({ who, action, where }) => authorized(who, action, where) === "allowed");
    expect([cells.length, allowed.length]).toEqual([693, 331]);
  });

  it("takes nothing at stake for granted", () => {
    const place = PLACES["a guild with a DJ role"];
    expect(authorize(BOB, "song.control", place)?.code).toBe("NOT_ALLOWED");
  });

  it("says who may", () => {
    expect(allowedBy("guild.manage", "the only guild")).toEqual(phrase("MANAGER"));
    expect(allowedBy("cache.clear", "the only guild")).toEqual(phrase("OWNER"));
    expect(allowedBy("queue.control", "a guild with a DJ role")).toEqual(phrase("DJ", { role: "<@&dj>" }));
    expect(allowedBy("play", "a guild that has no DJ role and lets DJs alone ask")).toEqual(
      phrase("MANAGER"),
    );
  });
});

describe("who need not ask the others", () => {
  it("is the requester, whoever is alone with the bot, and the DJ; without a DJ role everyone else votes", () => {
    expect(deciding("a guild with a DJ role")).toEqual(["requester", "alone with the bot", ...DJS]);
    expect(deciding("a guild")).toEqual(["requester", "alone with the bot", ...MANAGERS]);
  });
});
