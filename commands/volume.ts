import { defineCommand, integer, inVoice, LOUDEST_PERCENT } from "#command";

export const command = defineCommand({
  name: "volume",
  aliases: ["vol"],
  description: "Show or change how loud songs are in this server",
  args: {
    percent: integer(`0 to ${LOUDEST_PERCENT}; 100 is as the songs are kept`, {
      min: 0,
      max: LOUDEST_PERCENT,
    }),
  },
  action: "play",
  visibility: "public",
  needs: [inVoice],
  async run({ guildId, services, session, signal, reply }, { percent }) {
    const before = await services.volumes.volumeOf(guildId);
    if (percent === undefined) {
      await reply({ tone: "info", lines: [`The volume is **${before} %**.`] });
      return;
    }
    await services.volumes.setVolume(guildId, percent);
    try {
      await session.renew(signal);
    } catch (error) {
      // Else the songs to come would fail for the same reason.
      await services.volumes.setVolume(guildId, before);
      session.reopenAhead();
      throw error;
    }
    await reply({ tone: "done", lines: [`The volume is **${percent} %** now.`] });
  },
});
