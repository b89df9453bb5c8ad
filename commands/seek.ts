import {
  AppError,
  defineCommand,
  formatDuration,
  inVoice,
  parsePosition,
  phrase,
  playing,
  requireSeek,
  text,
} from "#command";

export const command = defineCommand({
  name: "seek",
  group: "play",
  description: ({ commands }) => commands.seek.about,
  args: { position: text(({ commands }) => commands.seek.position) },
  action: "song.control",
  visibility: "public",
  needs: [inVoice, playing],
  async run(context, { position }) {
    const { session, signal, texts, reply } = context;
    const toMs = parsePosition(position);
    if (toMs === undefined)
      throw new AppError("BAD_ARGUMENT", {
        name: "position",
        expected: phrase("POSITION"),
        usage: "seek <position>",
      });
    requireSeek(context, toMs);
    await session.seek(toMs, signal);
    await reply({ tone: "info", lines: [texts.songs.goingOnAt({ time: formatDuration(toMs) })] });
  },
});
