import { AppError } from "../core/errors.ts";
import type { VoiceChannelRef } from "../player/voice-link.ts";
import type { CommandContext } from "./context.ts";

/** Why a request cannot be carried out now; `undefined` = it can. */
export type Precondition = (context: CommandContext) => AppError | undefined;

/** The person is in a voice channel, and in the bot's when it is in one. */
export const inVoice: Precondition = ({ voiceChannel, session }) => {
  if (!voiceChannel) return new AppError("NOT_IN_VOICE");
  const mine = session.channel;
  if (!mine || mine.channelId === voiceChannel.channelId) return undefined;
  return new AppError("OTHER_VOICE_CHANNEL", { channel: `<#${mine.channelId}>` });
};

/** For a part of a command that needs {@link inVoice}: where the person is. @throws {AppError} as that */
export function requireVoice(context: CommandContext): VoiceChannelRef {
  const { voiceChannel } = context;
  const failure = inVoice(context);
  if (failure || !voiceChannel) throw failure ?? new AppError("NOT_IN_VOICE");
  return voiceChannel;
}

/** A song is being prepared, played or held. */
export const playing: Precondition = ({ session }) =>
  session.state.status === "idle" ? new AppError("NOTHING_PLAYING") : undefined;
