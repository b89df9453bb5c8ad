import { defineCommand, inVoice, playing, seekTo } from "#command";

export const command = defineCommand({
  name: "replay",
  group: "play",
  aliases: ["restart"],
  description: ({ commands }) => commands.replay.about,
  args: {},
  action: "song.control",
  visibility: "public",
  needs: [inVoice, playing],
  async run(context) {
    await seekTo(context, 0);
  },
});
