import { beginningOf, defineCommand, formatDuration, inVoice, playing } from "#command";

export const command = defineCommand({
  name: "replay",
  group: "play",
  aliases: ["restart"],
  description: ({ commands }) => commands.replay.about,
  args: {},
  action: "song.control",
  visibility: "public",
  needs: [inVoice, playing],
  async run({ session, signal, texts, reply }) {
    const { state } = session;
    const beginningMs = state.status === "idle" ? 0 : beginningOf(state.item);
    await session.replay(signal);
    await reply({
      tone: "info",
      lines: [texts.songs.goingOnAt({ time: formatDuration(beginningMs) })],
    });
  },
});
