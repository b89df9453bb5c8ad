import {
  buttonId,
  type CommandContext,
  decode,
  defineCommand,
  integer,
  inVoice,
  LOUDEST_PERCENT,
  requireRight,
  usageOf,
} from "#command";

const ARGS = {
  percent: integer(({ commands }) => commands.volume.percent, { min: 0, max: LOUDEST_PERCENT }),
};

export const command = defineCommand({
  name: "volume",
  group: "sound",
  aliases: ["vol"],
  description: ({ commands }) => commands.volume.about,
  args: ARGS,
  // Everyone may look.
  action: "view",
  further: ["queue.control"],
  visibility: "public",
  needs: [inVoice],
  async run(context, { percent }) {
    if (percent !== undefined) {
      await change(context, percent);
      return;
    }
    const { guildId, services, texts } = context;
    const now = await services.volumes.volumeOf(guildId);
    await context.reply({ tone: "info", lines: [texts.sound.volumeIs({ percent: now })] });
  },
  presses: {
    ask: async (context) => {
      requireRight(context, "queue.control");
      const { guildId, services, privateTexts } = context;
      const now = await services.volumes.volumeOf(guildId);
      const { volumeTitle: title, volumeField } = privateTexts.sound;
      const field = { name: "percent", label: volumeField({ most: LOUDEST_PERCENT }), maxLength: 3 };
      await context.openForm({
        id: buttonId("volume", "set"),
        title,
        fields: [{ ...field, value: String(now) }],
      });
    },
    set: async (context, { fields }) => {
      const raw = new Map([["percent", fields["percent"] ?? ""]]);
      const { percent } = decode(ARGS, raw, usageOf({ name: "volume", args: ARGS }, "/"));
      if (percent !== undefined) await change(context, percent);
    },
  },
});

/** @throws {AppError} `NOT_ALLOWED`, why the song cannot be made so loud; then all is as before */
async function change(context: CommandContext, percent: number): Promise<void> {
  const { guildId, services, session, signal, texts, reply } = context;
  requireRight(context, "queue.control");
  const before = await services.volumes.volumeOf(guildId);
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
}
