import { AppError, defineCommand, inVoice } from "#command";

export const command = defineCommand({
  name: "clear",
  group: "queue",
  aliases: ["empty"],
  description: ({ commands }) => commands.clear.about,
  args: {},
  action: "queue.control",
  visibility: "public",
  needs: [inVoice],
  async run({ session, texts, reply }) {
    const removed = session.queue.clear().length;
    if (removed === 0) throw new AppError("QUEUE_EMPTY");
    await reply({ tone: "done", lines: [texts.queue.removedMany({ removed })] });
  },
});
