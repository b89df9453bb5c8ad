import { defineCommand, inVoice, requireSkip } from "#command";

export const command = defineCommand({
  name: "stop",
  group: "play",
  aliases: ["leave"],
  description: ({ commands }) => commands.stop.about,
  args: {},
  action: "queue.control",
  visibility: "public",
  needs: [inVoice],
  async run(context) {
    const { session, texts, reply } = context;
    const { state, queue } = session;
    requireSkip(context, [...(state.status === "idle" ? [] : [state.item]), ...queue.items]);
    const dropped = await session.stop();
    const what = dropped === 0 ? texts.songs.nothingToStop : texts.songs.stopped({ dropped });
    await reply({ tone: "info", lines: [what] });
  },
});
