import { type Client, Collection, PermissionFlagsBits, PermissionsBitField, Team, User } from "discord.js";
import { describe, expect, it } from "vitest";
import { People, type PeopleOptions } from "../../src/discord/people.ts";

const NOBODY: PeopleOptions = { ownerIds: [], cacheAdminGuildIds: [] };

/** A client in so many guilds, whose application belongs to somebody. */
function client(owner: User | Team | null, guilds = 1): Client {
  return {
    application: { fetch: async () => ({ owner }) },
    guilds: { cache: new Collection(Array.from({ length: guilds }, (_, index) => [String(index), {}])) },
  } as unknown as Client;
}

const user = (id: string, change: object = {}): User =>
  Reflect.construct(User, [{}, { id, username: `user${id}`, discriminator: "0", ...change }]) as User;

async function owners(people: People, ...ids: string[]): Promise<string[]> {
  await people.loadOwners();
  return ids.filter((id) => people.actor(user(id), null).isOwner);
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
    expect(people.actor(user("1", { global_name: "Ann" }), null)).toMatchObject({
      name: "Ann",
      kind: "person",
    });
    expect(people.actor(user("1", { bot: true }), null)).toMatchObject({ kind: "bot" });
  });

  it.each([
    [PermissionFlagsBits.Administrator, true],
    [PermissionFlagsBits.ManageGuild, false],
  ])("with the permission bits %s is an administrator: %s", (bits, isAdministrator) => {
    expect(people.actor(user("1"), new PermissionsBitField(bits))).toMatchObject({ isAdministrator });
  });

  it("of whom no permissions are known is none", () => {
    expect(people.actor(user("1"), undefined)).toMatchObject({ isAdministrator: false, isOwner: false });
  });
});

describe("a place", () => {
  it("knows whether it is the bot's only guild and whether it may administer the cache", () => {
    const options = { ...NOBODY, cacheAdminGuildIds: ["7"] };
    const one = new People(client(null, 1), options);
    const two = new People(client(null, 2), options);
    expect(one.place("3")).toEqual({ guildId: "3", isOnlyGuild: true, isCacheAdminGuild: false });
    expect(two.place("7")).toEqual({ guildId: "7", isOnlyGuild: false, isCacheAdminGuild: true });
    expect(two.place(null)).toMatchObject({ guildId: null, isCacheAdminGuild: false });
  });
});
