import { AppError, defineCommand, formatDuration, inVoice, parsePosition, playing, text } from "#command";

const EXAMPLES = "1:23, 83 or 1m23s";

export const command = defineCommand({
  name: "seek",
  description: "Go on at another position of the song",
  args: { position: text(`Where to go on: ${EXAMPLES}`) },
  action: "play",
  visibility: "public",
  needs: [inVoice, playing],
  async run({ session, signal, reply }, { position }) {
    const toMs = parsePosition(position);
    if (toMs === undefined)
      throw new AppError("BAD_ARGUMENT", {
        name: "position",
        expected: `a position such as ${EXAMPLES}`,
        usage: "seek <position>",
      });
    await session.seek(toMs, signal);
    await reply({ tone: "info", lines: [`Going on at **${formatDuration(toMs)}**.`] });
  },
});
