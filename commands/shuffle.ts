import { AppError, defineCommand, inVoice } from "#command";

export const command = defineCommand({
  name: "shuffle",
  group: "queue",
  aliases: ["mix"],
  description: ({ commands }) => commands.shuffle.about,
  args: {},
  action: "queue.control",
  visibility: "public",
  needs: [inVoice],
  async run({ session, texts, reply }) {
    const waiting = session.queue.length;
    if (waiting === 0) throw new AppError("QUEUE_EMPTY");
    session.shuffle();
    await reply({ tone: "done", lines: [texts.queue.shuffled({ waiting })] });
  },
});
