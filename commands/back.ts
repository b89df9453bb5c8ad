import { AppError, defineCommand, inVoice, itemTitle, requireSkip, requireVoice } from "#command";

export const command = defineCommand({
  name: "back",
  group: "queue",
  aliases: ["previous", "prev"],
  description: ({ commands }) => commands.back.about,
  args: {},
  action: "song.control",
  visibility: "public",
  needs: [inVoice],
  async run(context) {
    const { session, texts, reply } = context;
    requireSkip(context);
    const item = session.back(requireVoice(context));
    if (!item) throw new AppError("NOTHING_BEFORE");
    await reply({ tone: "info", lines: [texts.queue.wentBack({ song: itemTitle(item) })] });
  },
});
