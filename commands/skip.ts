import { defineCommand, inVoice, playing, songTitle } from "#command";

export const command = defineCommand({
  name: "skip",
  aliases: ["s", "next"],
  description: "Skip the song that is playing",
  args: {},
  action: "play",
  visibility: "public",
  needs: [inVoice, playing],
  async run({ session, reply }) {
    const skipped = session.skip();
    const next = session.queue.items[0];
    const lines = [
      ...(skipped ? [`Skipped ${songTitle(skipped.track)}`] : []),
      next ? `Next: ${songTitle(next.track)}` : "The queue is empty.",
    ];
    await reply({ tone: "info", lines });
  },
});
