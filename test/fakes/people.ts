/** People as requests tell of them, and where they are. */
import type { Actor, Place } from "../../src/policy/permission.ts";

/** A member without any rights. */
export const BOB: Actor = {
  id: "bob",
  name: "Bob",
  kind: "person",
  isOwner: false,
  isAdministrator: false,
  isManager: false,
  roleIds: [],
};

/** The owner of the bot. */
export const ANN: Actor = { ...BOB, id: "ann", name: "Ann", isOwner: true };

/** A guild among others, with no options chosen. */
export const GUILD: Place = {
  guildId: "guild",
  isOnlyGuild: false,
  isCacheAdminGuild: false,
  djRole: undefined,
  playFor: "everyone",
};
