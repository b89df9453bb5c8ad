import { defineCommand, integer, inVoice, LOUDEST_PERCENT, requireRight } from "#command";

export const command = defineCommand({
  name: "volume",
  group: "sound",
  aliases: ["vol"],
  description: ({ commands }) => commands.volume.about,
  args: {
    percent: integer(({ commands }) => commands.volume.percent, {
      min: 0,
      max: LOUDEST_PERCENT,
    }),
  },
  action: "view",
  visibility: "public",
  needs: [inVoice],
  async run(context, { percent }) {
    const { guildId, services, session, signal, texts, reply } = context;
    const before = await services.volumes.volumeOf(guildId);
    if (percent === undefined) {
      await reply({ tone: "info", lines: [texts.sound.volumeIs({ percent: before })] });
      return;
    }
    requireRight(context, "queue.control");
    await services.volumes.setVolume(guildId, percent);
    try {
      await session.renew(signal);
    } catch (error) {
      // Else the songs to come would fail for the same reason.
      await services.volumes.setVolume(guildId, before);
      session.reopenAhead();
      throw error;
    }
    await reply({ tone: "done", lines: [texts.sound.volumeNow({ percent })] });
  },
});
