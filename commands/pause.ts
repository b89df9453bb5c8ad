import { defineCommand, inVoice, playing } from "#command";

export const command = defineCommand({
  name: "pause",
  group: "play",
  description: ({ commands }) => commands.pause.about,
  args: {},
  action: "song.control",
  visibility: "public",
  needs: [inVoice, playing],
  async run({ session, texts, reply }) {
    const held = session.pause();
    const line = held ? texts.songs.held : texts.songs.notPlaying;
    await reply({ tone: "info", lines: [line] });
  },
});
