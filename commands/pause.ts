import { defineCommand, inVoice, playing } from "#command";

export const command = defineCommand({
  name: "pause",
  description: "Hold the song that is playing",
  args: {},
  action: "play",
  visibility: "public",
  needs: [inVoice, playing],
  async run({ session, reply }) {
    const held = session.pause();
    const line = held ? "Paused. Go on with resume." : "It is not playing right now.";
    await reply({ tone: "info", lines: [line] });
  },
});
