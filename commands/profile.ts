import { choice, defineCommand, PROFILE_NAMES, requireRight } from "#command";

const NAMES = PROFILE_NAMES.join(", ");

export const command = defineCommand({
  name: "profile",
  group: "sound",
  description: ({ commands }) => commands.profile.about,
  args: { name: choice(({ commands }) => commands.profile.name, [...PROFILE_NAMES, "default"]) },
  action: "view",
  further: ["guild.manage"],
  visibility: "public",
  needs: [],
  async run(context, { name: chosen }) {
    const { guildId, services, session, texts, reply } = context;
    if (chosen === undefined) {
      const { plain } = await services.profiles.soundOf(guildId);
      await reply({ tone: "info", lines: [texts.sound.soundIs({ profile: plain.name, names: NAMES })] });
      return;
    }
    requireRight(context, "guild.manage");
    const wanted = chosen === "default" ? undefined : chosen;
    const { plain } = await services.profiles.setProfile(guildId, wanted);
    session.prepareAnew();
    await reply({ tone: "done", lines: [texts.sound.soundChosen({ profile: plain.name })] });
  },
});
