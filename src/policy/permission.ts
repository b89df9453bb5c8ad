import type { ErrorContext } from "../core/errors.ts";
import { phrase, type PhraseName } from "../core/sentence.ts";

/** Facts about the person who asks; from the event itself, never from an older memory. */
export interface Actor {
  readonly id: string;
  readonly name: string;
  readonly kind: "person" | "bot";
  /** Owner of the application or member of its team, or listed in OWNER_IDS. */
  readonly isOwner: boolean;
  /** Has Administrator in the guild the request came from. */
  readonly isAdministrator: boolean;
}

export interface Place {
  /** `null` = a direct message. */
  readonly guildId: string | null;
  /** The bot is in this one guild only. */
  readonly isOnlyGuild: boolean;
  /** Named in CACHE_ADMIN_GUILDS. */
  readonly isCacheAdminGuild: boolean;
}

/** What each action needs. */
const NEEDED = {
  play: "anyone",
  view: "anyone",
  "guild.manage": "guild admin",
  "cache.view": "anyone",
  "cache.manage": "cache admin",
  "cache.clean": "cache admin",
  "cache.clear": "cache admin",
} as const;

export type Action = keyof typeof NEEDED;

export type Refusal =
  | { readonly code: "NOT_IN_GUILD"; readonly context: ErrorContext }
  | { readonly code: "NOT_ALLOWED"; readonly context: ErrorContext };

/**
 * The one table of who may do what, for slash commands, prefix commands and buttons alike; `undefined` = allowed.
 * Whether somebody is in the right voice channel is a precondition of the command, not a right.
 * The cache is shared by all guilds of a bot, so an administrator of one guild is not yet an admin of the cache.
 */
export function authorize(actor: Actor, action: Action, place: Place): Refusal | undefined {
  if (actor.kind === "bot") return refuse("PEOPLE");
  if (place.guildId === null) return { code: "NOT_IN_GUILD", context: {} };
  const needed = NEEDED[action];
  if (needed === "cache admin") return isCacheAdmin(actor, place) ? undefined : refuse("OWNER");
  const isAllowed = needed === "anyone" || actor.isOwner || actor.isAdministrator;
  return isAllowed ? undefined : refuse("ADMINISTRATOR");
}

function isCacheAdmin(actor: Actor, place: Place): boolean {
  return actor.isOwner || (actor.isAdministrator && (place.isOnlyGuild || place.isCacheAdminGuild));
}

function refuse(who: PhraseName): Refusal {
  return { code: "NOT_ALLOWED", context: { who: phrase(who) } };
}
