import type { ErrorContext } from "../core/errors.ts";
import type { GuildOptions } from "../core/guild-options.ts";
import { phrase, type Phrase } from "../core/sentence.ts";

/** Facts about the person who asks; from the event itself, never from an older memory. */
export interface Actor {
  readonly id: string;
  readonly name: string;
  readonly kind: "person" | "bot";
  /** Owner of the application or member of its team, or listed in OWNER_IDS. */
  readonly isOwner: boolean;
  /** Has Administrator in the guild the request came from. */
  readonly isAdministrator: boolean;
  /** Has Manage Server there, or Administrator. */
  readonly isManager: boolean;
  /** Roles in that guild. */
  readonly roleIds: readonly string[];
}

export interface Place extends Pick<GuildOptions, "djRole" | "playFor"> {
  /** `null` = a direct message. */
  readonly guildId: string | null;
  /** The bot is in this one guild only. */
  readonly isOnlyGuild: boolean;
  /** Named in CACHE_ADMIN_GUILDS. */
  readonly isCacheAdminGuild: boolean;
}

/** Whom it concerns. */
export interface Stakes {
  /** Nobody else hears the bot. */
  readonly isAlone: boolean;
  /** It is about songs that this person asked for. */
  readonly isOwn: boolean;
}

const EVERYBODY: Stakes = { isAlone: false, isOwn: false };

/**
 * What each action needs. `player`: may ask for songs. `say`: has a say about everyone's music, see {@link hasSay}.
 * `say or own`: or it is about songs of their own. `dj`: what lasts, also when the others come back.
 */
const NEEDED = {
  view: "anyone",
  play: "player",
  "song.control": "say or own",
  "queue.control": "say",
  "lists.keep": "anyone",
  "options.dj": "dj",
  "guild.manage": "guild admin",
  "cache.view": "anyone",
  "cache.manage": "cache admin",
  "cache.clean": "cache admin",
  "cache.clear": "cache admin",
} as const;

export type Action = keyof typeof NEEDED;

export const ACTIONS = Object.keys(NEEDED) as readonly Action[];

export type Refusal =
  | { readonly code: "NOT_IN_GUILD"; readonly context: ErrorContext }
  | { readonly code: "NOT_ALLOWED"; readonly context: ErrorContext };

/** Whether somebody fulfils a need; in a guild, and a person. */
const FULFILS: Readonly<
  Record<(typeof NEEDED)[Action], (actor: Actor, place: Place, stakes: Stakes) => boolean>
> = {
  anyone: () => true,
  player: (actor, place) => place.playFor === "everyone" || isDj(actor, place),
  say: (actor, place, { isAlone }) => place.djRole === undefined || isAlone || isDj(actor, place),
  "say or own": (actor, place, stakes) => place.djRole === undefined || hasSay(actor, place, stakes),
  dj: isDj,
  "guild admin": (actor) => actor.isOwner || actor.isManager,
  "cache admin": (actor, place) =>
    actor.isOwner || (actor.isAdministrator && (place.isOnlyGuild || place.isCacheAdminGuild)),
};

/**
 * The one table of who may do what, for slash commands, prefix commands, menus and buttons alike; `undefined` = allowed.
 * Whether somebody is in the right voice channel is a precondition of the command, not a right.
 * The cache is shared by all guilds of a bot, so an administrator of one guild is not yet an admin of the cache.
 */
export function authorize(
  actor: Actor,
  action: Action,
  place: Place,
  stakes: Stakes = EVERYBODY,
): Refusal | undefined {
  if (actor.kind === "bot") return refuse(phrase("PEOPLE"));
  if (place.guildId === null) return { code: "NOT_IN_GUILD", context: {} };
  const need = NEEDED[action];
  if (FULFILS[need](actor, place, stakes)) return undefined;
  if (need === "cache admin") return refuse(phrase("OWNER"));
  if (need === "guild admin" || place.djRole === undefined) return refuse(phrase("MANAGER"));
  return refuse(phrase("DJ", { role: `<@&${place.djRole}>` }));
}

/** Whether somebody decides about the music that all hear, also where others would have to vote. */
export function hasSay(actor: Actor, place: Place, { isAlone, isOwn }: Stakes): boolean {
  return isAlone || isOwn || isDj(actor, place);
}

function isDj(actor: Actor, { djRole }: Place): boolean {
  return actor.isOwner || actor.isManager || (djRole !== undefined && actor.roleIds.includes(djRole));
}

function refuse(who: Phrase): Refusal {
  return { code: "NOT_ALLOWED", context: { who } };
}
