import { defineCommand, inVoice, playing, songTitle } from "#command";

export const command = defineCommand({
  name: "skip",
  group: "queue",
  aliases: ["s", "next"],
  description: ({ commands }) => commands.skip.about,
  args: {},
  action: "play",
  visibility: "public",
  needs: [inVoice, playing],
  async run({ session, texts, reply }) {
    const skipped = session.skip();
    const next = session.queue.items[0];
    const { queue } = texts;
    const lines = [
      ...(skipped ? [queue.skipped({ song: songTitle(skipped.track) })] : []),
      next ? queue.next({ song: songTitle(next.track) }) : queue.noneLeft,
    ];
    await reply({ tone: "info", lines });
  },
});
