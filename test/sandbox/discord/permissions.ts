// Permission bits and how they add up in a channel.
import { OverwriteType, PermissionFlagsBits } from "discord-api-types/v10";

export const Permission = PermissionFlagsBits;
export const ALL_PERMISSIONS = Object.values(PermissionFlagsBits).reduce((sum, bit) => sum | bit, 0n);

/** What everyone may do in a new guild. */
export const EVERYONE =
  Permission.ViewChannel |
  Permission.SendMessages |
  Permission.EmbedLinks |
  Permission.AttachFiles |
  Permission.ReadMessageHistory |
  Permission.UseApplicationCommands |
  Permission.Connect |
  Permission.Speak |
  Permission.UseVAD |
  Permission.RequestToSpeak;

/** What the bot's own role adds: nothing beyond what a music bot asks for in its invite link. */
export const BOT_ROLE =
  EVERYONE | Permission.SetVoiceChannelStatus | Permission.MuteMembers | Permission.ManageMessages;

/** Bits taken from or given to one role or member in one channel. */
export interface Overwrite {
  readonly id: string;
  readonly type: OverwriteType;
  readonly allow: bigint;
  readonly deny: bigint;
}

/** Who asks: the ids to look for in overwrites, and what their roles add up to. */
export interface Actor {
  readonly userId: string;
  readonly roleIds: readonly string[];
  readonly guildId: string;
  readonly base: bigint;
}

/** Order of Discord's documentation: administrator, @everyone's overwrite, roles' overwrites, the member's own. */
export function permissionsIn(overwrites: readonly Overwrite[], actor: Actor): bigint {
  if ((actor.base & Permission.Administrator) !== 0n) return ALL_PERMISSIONS;
  const steps = [
    overwrites.filter(({ id }) => id === actor.guildId),
    overwrites.filter(({ id }) => id !== actor.guildId && actor.roleIds.includes(id)),
    overwrites.filter(({ id, type }) => type === OverwriteType.Member && id === actor.userId),
  ];
  return steps.reduce((bits, step) => {
    const deny = step.reduce((sum, overwrite) => sum | overwrite.deny, 0n);
    const allow = step.reduce((sum, overwrite) => sum | overwrite.allow, 0n);
    return (bits & ~deny) | allow;
  }, actor.base);
}

/** Are all of these bits there? */
export function has(bits: bigint, needed: bigint): boolean {
  return (bits & needed) === needed;
}
