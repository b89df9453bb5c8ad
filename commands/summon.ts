import { AppError, type CommandContext, decidesAlone, defineCommand } from "#command";

export const command = defineCommand({
  name: "summon",
  group: "play",
  aliases: ["join", "come"],
  description: ({ commands }) => commands.summon.about,
  args: {},
  action: "play",
  further: ["song.control"],
  visibility: "public",
  needs: [],
  async run(context) {
    const { session, voiceChannel, texts, reply } = context;
    if (!voiceChannel) throw new AppError("NOT_IN_VOICE");
    requireLeave(context);
    await session.moveTo(voiceChannel);
    await reply({
      tone: "done",
      lines: [texts.songs.summoned({ channel: `<#${voiceChannel.channelId}>` })],
    });
  },
});

/** Not away from people who listen, unless one decides about their song. @throws {AppError} `OTHER_VOICE_CHANNEL` */
function requireLeave(context: CommandContext): void {
  const { session, voiceChannel, listenerIds } = context;
  const { channel, state } = session;
  const isHeardElsewhere =
    state.status !== "idle" && channel?.channelId !== voiceChannel?.channelId && listenerIds.length > 0;
  if (isHeardElsewhere && !decidesAlone(context))
    throw new AppError("OTHER_VOICE_CHANNEL", { channel: `<#${channel?.channelId}>` });
}
