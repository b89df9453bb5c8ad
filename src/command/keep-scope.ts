/** Rules about what is stored of the songs that a guild asks for, as commands take and show them. */
import { AppError } from "../core/errors.ts";
import { SITES } from "../core/sites.ts";
import type { KeepScope } from "../policy/admission.ts";
import type { Texts } from "../texts/texts.ts";
import { optionalText, type Values, word } from "./args.ts";
import type { CommandContext } from "./context.ts";
import { plain } from "./text.ts";

/** What a rule can be about; none = the whole server. */
export const KEEP_RULE_ARGS = {
  channel: optionalText(({ commands }) => commands.keepRule.channel),
  source: word(({ commands }) => commands.keepRule.source),
  playlist: word(({ commands }) => commands.keepRule.playlist),
  room: word(({ commands }) => commands.keepRule.room),
  longer: word(({ commands }) => commands.keepRule.longer),
  shorter: word(({ commands }) => commands.keepRule.shorter),
};

const SOURCES = ["youtube", "direct", ...SITES];

/** @throws {AppError} `ONE_RULE`, `NO_SUCH_SOURCE`, `NO_SUCH_ROOM`, `NO_MINUTES`, `NOT_A_LIST`, what resolving the link throws */
export async function scopeOf(
  context: CommandContext,
  values: Values<typeof KEEP_RULE_ARGS>,
): Promise<KeepScope> {
  const [first, ...more] = Object.entries(values).filter(([, value]) => value !== undefined);
  if (more.length > 0) throw new AppError("ONE_RULE");
  if (!first) return { kind: "guild" };
  const { channel, source, playlist, room, longer, shorter } = values;
  if (channel !== undefined) return { kind: "channel", name: channel };
  if (longer !== undefined) return { kind: "longer", minutes: minutesOf(longer) };
  if (shorter !== undefined) return { kind: "shorter", minutes: minutesOf(shorter) };
  if (room !== undefined) return { kind: "room", name: roomId(room) };
  return source === undefined ? await playlistScope(context, playlist ?? "") : sourceScope(source);
}

function sourceScope(name: string): KeepScope {
  if (!SOURCES.includes(name)) throw new AppError("NO_SUCH_SOURCE");
  return { kind: "source", name };
}

/** Reads the link and none of the songs. */
async function playlistScope(
  { guildId, services, signal }: CommandContext,
  link: string,
): Promise<KeepScope> {
  const found = await services.resolve(link, { guildId }, signal);
  if (found.kind !== "playlist") throw new AppError("NOT_A_LIST");
  return { kind: "playlist", name: found.id };
}

/** A bare number would be taken from the name of a channel, so these are words: `longer 45`. */
function minutesOf(text: string): number {
  const minutes = Number(/^(\d{1,4})(?: ?m(?:in)?)?$/u.exec(text)?.[1]);
  if (!(minutes > 0)) throw new AppError("NO_MINUTES");
  return minutes;
}

/** `<#123>` is what Discord makes of `#channel`. */
function roomId(text: string): string {
  const id = /^(?:<#)?(\d{17,20})>?$/u.exec(text)?.[1];
  if (id === undefined) throw new AppError("NO_SUCH_ROOM");
  return id;
}

/** Which songs a rule is about. */
export function scopeText(scope: KeepScope, { cache }: Texts): string {
  switch (scope.kind) {
    case "guild":
      return cache.scope.guild;
    case "channel":
    case "source":
      return cache.scope[scope.kind]({ name: plain(scope.name) });
    case "playlist":
    case "room":
      return cache.scope[scope.kind]({ name: scope.name });
    case "longer":
    case "shorter":
      return cache.scope[scope.kind]({ length: scope.minutes });
  }
}

/** The text channel, and the voice channel of the one who asks. */
export function roomsOf({
  textChannelId,
  voiceChannel,
}: Pick<CommandContext, "textChannelId" | "voiceChannel">): readonly string[] {
  return voiceChannel ? [textChannelId, voiceChannel.channelId] : [textChannelId];
}
