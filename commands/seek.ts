import { AppError, defineCommand, inVoice, parsePosition, phrase, playing, seekTo, text } from "#command";

export const command = defineCommand({
  name: "seek",
  group: "play",
  description: ({ commands }) => commands.seek.about,
  args: { position: text(({ commands }) => commands.seek.position) },
  action: "song.control",
  visibility: "public",
  needs: [inVoice, playing],
  async run(context, { position }) {
    const toMs = parsePosition(position);
    if (toMs === undefined)
      throw new AppError("BAD_ARGUMENT", {
        name: "position",
        expected: phrase("POSITION"),
        usage: "seek <position>",
      });
    await seekTo(context, toMs);
  },
});
