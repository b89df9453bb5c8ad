import { AppError, defineCommand, integer, inVoice, itemTitle, required } from "#command";

const RANGE = { min: 1, max: 99_999 };

export const command = defineCommand({
  name: "move",
  group: "queue",
  aliases: ["mv"],
  description: ({ commands }) => commands.move.about,
  args: {
    from: required(integer(({ commands }) => commands.move.from, RANGE)),
    to: required(integer(({ commands }) => commands.move.to, RANGE)),
  },
  action: "queue.control",
  visibility: "public",
  needs: [inVoice],
  async run({ session: { queue }, texts, reply }, { from, to }) {
    if (from > queue.length) throw new AppError("NOT_IN_QUEUE");
    const position = Math.min(to, queue.length);
    const item = queue.move(from, position);
    const lines = item ? [texts.queue.moved({ song: itemTitle(item), position })] : [];
    await reply({ tone: "done", lines });
  },
});
