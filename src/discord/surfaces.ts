import { randomUUID } from "node:crypto";
import { roomsOf } from "../command/keep-scope.ts";
import type { Guild, User } from "discord.js";
import type { CommandContext, Services, Surface } from "../command/context.ts";
import type { Command } from "../command/define.ts";
import type { DispatchDeps } from "../command/dispatch.ts";
import type { ChannelHints } from "./channel-hints.ts";
import { sendDirect } from "./message-handle.ts";
import { listenersIn, type Member, type People, voiceChannelOf } from "./people.ts";

/** What every way in (slash, prefix, button) needs. */
export interface SurfaceDeps extends DispatchDeps {
  readonly commands: readonly Command[];
  readonly services: Services;
  readonly people: People;
  readonly hints: ChannelHints;
  /** Fires when the bot goes down. */
  readonly shutdown: AbortSignal;
}

/** The part of a context that only the surface knows. */
export type Answering = Pick<CommandContext, "reply" | "update" | "openForm">;

/** Where a request came from. */
export interface Origin {
  readonly surface: Surface;
  readonly user: User;
  readonly member: Member;
  readonly guild: Guild;
  readonly textChannelId: string;
  /** Language of the person's Discord; `undefined` = the surface does not tell, and cannot answer them alone. */
  readonly locale: string | undefined;
  /** Whether everyone reads the answer. */
  readonly isForAll: boolean;
}

/** A request as commands see it. */
export function contextOf(deps: SurfaceDeps, origin: Origin, answering: Answering): CommandContext {
  const { services, people, shutdown } = deps;
  const { surface, user, guild, textChannelId } = origin;
  const actor = people.actor(user, origin.member);
  const options = services.options.of(guild.id);
  const session = services.sessions.of(guild.id);
  const voiceChannel = voiceChannelOf(guild, user.id);
  const publicTexts = services.languages.textsFor(guild.id);
  const privateTexts = services.languages.textsFor(guild.id, origin.locale);
  return {
    surface,
    actor,
    place: people.place(guild.id, options),
    guildId: guild.id,
    textChannelId,
    voiceChannel,
    listenerIds: listenersIn(guild, session.channel?.channelId),
    options,
    prefix: prefixOf(services, guild.id),
    services,
    texts: origin.isForAll ? publicTexts : privateTexts,
    publicTexts,
    privateTexts,
    session,
    directMessage: (panel) => sendDirect(user, panel),
    signal: shutdown,
    newItem: (track, startMs) => ({
      id: randomUUID(),
      track,
      startMs,
      requestedBy: { id: actor.id, name: actor.name },
      textChannelId,
      roomIds: roomsOf({ textChannelId, voiceChannel }),
      requestedAtMs: services.clock.nowMs(),
    }),
    ...answering,
  };
}

/** What typed commands begin with in a guild; `undefined` = they are off. */
export function prefixOf({ prefix, options }: Services, guildId: string): string | undefined {
  return prefix === undefined ? undefined : (options.of(guildId).prefix ?? prefix);
}

/** The command of a name or, on the prefix surface, of another name it goes by. */
export function findCommand(commands: readonly Command[], name: string): Command | undefined {
  return commands.find((command) => command.name === name || command.aliases?.includes(name));
}
