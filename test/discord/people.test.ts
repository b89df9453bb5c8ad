import {
  type Client,
  Collection,
  type Guild,
  PermissionFlagsBits,
  PermissionsBitField,
  Team,
  User,
} from "discord.js";
import { describe, expect, it } from "vitest";
import { listenersIn, People, type PeopleOptions } from "../../src/discord/people.ts";

const NOBODY: PeopleOptions = { ownerIds: [], cacheAdminGuildIds: [] };

/** A client in so many guilds, whose application belongs to somebody. */
function client(owner: User | Team | null, guilds = 1): Client {
  return {
    application: { fetch: async () => ({ owner }) },
    guilds: { cache: new Collection(Array.from({ length: guilds }, (_, index) => [String(index), {}])) },
  } as unknown as Client;
}

const UNKNOWN = { permissions: undefined, roleIds: undefined };
const OPTIONS = { djRole: "dj", playFor: "everyone" } as const;

const user = (id: string, change: object = {}): User =>
  Reflect.construct(User, [{}, { id, username: `user${id}`, discriminator: "0", ...change }]) as User;

async function owners(people: People, ...ids: string[]): Promise<string[]> {
  await people.loadOwners();
  return ids.filter((id) => people.actor(user(id), UNKNOWN).isOwner);
}

const member = (id: string): object => ({
  user: { id, username: id, discriminator: "0" },
  membership_state: 2,
});

describe("the owner", () => {
  it("is the owner of the application", async () => {
    expect(await owners(new People(client(user("1")), NOBODY), "1", "2")).toEqual(["1"]);
  });

  it("is every member of its team", async () => {
    const data = { id: "9", name: "Team", owner_user_id: "1", members: [member("1"), member("2")] };
    const team = Reflect.construct(Team, [
      { users: { _add: ({ id }: { id: string }) => user(id) } },
      data,
    ]) as Team;
    expect(await owners(new People(client(team), NOBODY), "1", "2", "3")).toEqual(["1", "2"]);
  });

  it("is whom the operator names, and nobody else", async () => {
    const people = new People(client(user("1")), { ...NOBODY, ownerIds: ["5"] });
    expect(await owners(people, "1", "5")).toEqual(["5"]);
  });
});

describe("an actor", () => {
  const people = new People(client(null), NOBODY);

  it("is told apart from a bot and has the name people see", () => {
    expect(people.actor(user("1", { global_name: "Ann" }), UNKNOWN)).toMatchObject({
      name: "Ann",
      kind: "person",
    });
    expect(people.actor(user("1", { bot: true }), UNKNOWN)).toMatchObject({ kind: "bot" });
  });

  it.each([
    [PermissionFlagsBits.Administrator, true, true],
    [PermissionFlagsBits.ManageGuild, false, true],
    [PermissionFlagsBits.ManageChannels, false, false],
  ])("with the permission bits %s administers: %s, manages: %s", (bits, isAdministrator, isManager) => {
    const known = { permissions: new PermissionsBitField(bits), roleIds: ["7"] };
    expect(people.actor(user("1"), known)).toMatchObject({ isAdministrator, isManager, roleIds: ["7"] });
  });

  it("of whom nothing is known may nothing", () => {
    expect(people.actor(user("1"), UNKNOWN)).toMatchObject({
      isAdministrator: false,
      isManager: false,
      isOwner: false,
      roleIds: [],
    });
  });
});

describe("a place", () => {
  it("knows whether it is the bot's only guild and whether it may administer the cache", () => {
    const options = { ...NOBODY, cacheAdminGuildIds: ["7"] };
    const one = new People(client(null, 1), options);
    const two = new People(client(null, 2), options);
    expect(one.place("3", OPTIONS)).toEqual({
      ...OPTIONS,
      guildId: "3",
      isOnlyGuild: true,
      isCacheAdminGuild: false,
    });
    expect(two.place("7", OPTIONS)).toEqual({
      ...OPTIONS,
      guildId: "7",
      isOnlyGuild: false,
      isCacheAdminGuild: true,
    });
    expect(two.place(null, OPTIONS)).toMatchObject({ guildId: null, isCacheAdminGuild: false });
  });
});

const state = (id: string, more: object = {}): readonly [string, object] => [
  id,
  { id, channelId: "lounge", deaf: false, member: { user: { bot: false } }, ...more },
];

describe("who listens in a voice channel", () => {
  const guild = {
    voiceStates: {
      cache: new Collection([
        state("ann"),
        state("bob", { deaf: true }),
        state("cid", { channelId: "attic" }),
        state("bot", { member: { user: { bot: true } } }),
      ]),
    },
  } as unknown as Guild;

  it("is neither a bot nor somebody deafened, and nobody where there is no channel", () => {
    expect(listenersIn(guild, "lounge")).toEqual(["ann"]);
    expect(listenersIn(guild, undefined)).toEqual([]);
  });
});
