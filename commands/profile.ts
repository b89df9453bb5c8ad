import {
  AppError,
  defineCommand,
  parseProfileName,
  phrase,
  PROFILE_NAMES,
  requireRight,
  word,
} from "#command";

const NAMES = PROFILE_NAMES.join(", ");

export const command = defineCommand({
  name: "profile",
  description: ({ commands }) => commands.profile.about,
  args: { name: word(({ commands }) => commands.profile.name) },
  action: "view",
  visibility: "public",
  needs: [],
  async run(context, { name: given }) {
    const { guildId, services, session, texts, reply } = context;
    if (given === undefined) {
      const { name } = await services.profiles.profileOf(guildId);
      await reply({ tone: "info", lines: [texts.server.soundIs({ profile: name, names: NAMES })] });
      return;
    }
    requireRight(context, "guild.manage");
    const wanted = given.toLowerCase();
    const chosen = parseProfileName(wanted);
    if (!chosen && wanted !== "default")
      throw new AppError("BAD_ARGUMENT", {
        name: "name",
        expected: phrase("ONE_OF", { names: NAMES, last: "default" }),
        usage: "profile NAME",
      });
    const { name } = await services.profiles.setProfile(guildId, chosen);
    session.prepareAnew();
    await reply({ tone: "done", lines: [texts.server.soundChosen({ profile: name })] });
  },
});
