import { defineCommand, inVoice, plural } from "#command";

export const command = defineCommand({
  name: "stop",
  aliases: ["leave"],
  description: "Stop, empty the queue and leave the voice channel",
  args: {},
  action: "play",
  visibility: "public",
  needs: [inVoice],
  async run({ session, reply }) {
    const dropped = await session.stop();
    const what =
      dropped === 0 ? "Nothing was playing." : `Stopped; ${plural(dropped, "song")} taken off the queue.`;
    await reply({ tone: "info", lines: [what] });
  },
});
