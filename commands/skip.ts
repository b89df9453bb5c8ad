import { defineCommand, inVoice, playing, songTitle } from "#command";

export const command = defineCommand({
  name: "skip",
  aliases: ["s", "next"],
  description: ({ commands }) => commands.skip.about,
  args: {},
  action: "play",
  visibility: "public",
  needs: [inVoice, playing],
  async run({ session, texts, reply }) {
    const skipped = session.skip();
    const next = session.queue.items[0];
    const { songs } = texts;
    const lines = [
      ...(skipped ? [songs.skipped({ song: songTitle(skipped.track) })] : []),
      next ? songs.next({ song: songTitle(next.track) }) : songs.noneLeft,
    ];
    await reply({ tone: "info", lines });
  },
});
