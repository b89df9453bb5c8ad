import {
  AppError,
  defineCommand,
  inVoice,
  parsePosition,
  phrase,
  playing,
  seekTo,
  text,
  usageIn,
} from "#command";

const ARGS = { position: text(({ commands }) => commands.seek.position) };

export const command = defineCommand({
  name: "seek",
  group: "play",
  description: ({ commands }) => commands.seek.about,
  args: ARGS,
  action: "song.control",
  visibility: "public",
  needs: [inVoice, playing],
  async run(context, { position }) {
    const toMs = parsePosition(position);
    if (toMs === undefined)
      throw new AppError("BAD_ARGUMENT", {
        name: "position",
        expected: phrase("POSITION"),
        usage: usageIn(context, { name: "seek", args: ARGS }),
      });
    await seekTo(context, toMs);
  },
});
