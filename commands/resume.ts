import { AppError, defineCommand, inVoice } from "#command";

export const command = defineCommand({
  name: "resume",
  aliases: ["unpause"],
  description: "Go on with a paused song, or with a queue that was kept",
  args: {},
  action: "play",
  visibility: "public",
  needs: [inVoice],
  async run({ session, voiceChannel, reply }) {
    if (!voiceChannel || !session.resume(voiceChannel)) throw new AppError("NOTHING_PAUSED");
    await reply({ tone: "info", lines: ["Going on."] });
  },
});
