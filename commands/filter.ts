import { choice, defineCommand, EFFECT_NAMES, inVoice, requireRight } from "#command";

const NAMES = EFFECT_NAMES.join(", ");

export const command = defineCommand({
  name: "filter",
  group: "sound",
  aliases: ["effect"],
  description: ({ commands }) => commands.filter.about,
  args: {
    name: choice(
      ({ commands }) => commands.filter.name,
      [...EFFECT_NAMES, "off"],
      ({ sound }) => sound.filters,
    ),
  },
  action: "view",
  further: ["queue.control"],
  visibility: "public",
  needs: [inVoice],
  async run(context, { name: chosen }) {
    const { guildId, services, session, texts, reply } = context;
    const { filters, filterIs, filterNow } = texts.sound;
    if (chosen === undefined) {
      const { effect = "off" } = await services.profiles.soundOf(guildId);
      await reply({ tone: "info", lines: [filterIs({ filter: filters[effect], names: NAMES })] });
      return;
    }
    requireRight(context, "queue.control");
    await services.profiles.setEffect(guildId, chosen === "off" ? undefined : chosen);
    session.prepareAnew();
    // Nobody waits for it: making the song anew may mean fetching it.
    void session.remake();
    await reply({ tone: "done", lines: [filterNow({ filter: filters[chosen] })] });
  },
});
