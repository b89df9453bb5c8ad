import { AppError, defineCommand, inVoice } from "#command";

export const command = defineCommand({
  name: "resume",
  group: "play",
  aliases: ["unpause"],
  description: ({ commands }) => commands.resume.about,
  args: {},
  action: "play",
  visibility: "public",
  needs: [inVoice],
  async run({ session, voiceChannel, texts, reply }) {
    if (!voiceChannel || !session.resume(voiceChannel)) throw new AppError("NOTHING_PAUSED");
    await reply({ tone: "info", lines: [texts.songs.goingOn] });
  },
});
