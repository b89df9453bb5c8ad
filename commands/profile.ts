import { AppError, defineCommand, PROFILE_NAMES, parseProfileName, requireRight, word } from "#command";

const NAMES = `${PROFILE_NAMES.join(", ")} or default`;

export const command = defineCommand({
  name: "profile",
  description: "Show or choose how songs sound in this server: standard, quiet, night or raw",
  args: { name: word("standard, quiet, night, raw, or default for the bot's own") },
  action: "view",
  visibility: "public",
  needs: [],
  async run(context, { name: given }) {
    const { guildId, services, session, reply } = context;
    if (given === undefined) {
      const { name } = await services.profiles.profileOf(guildId);
      await reply({ tone: "info", lines: [`Songs sound as **${name}** here. To choose: ${NAMES}.`] });
      return;
    }
    requireRight(context, "guild.manage");
    const wanted = given.toLowerCase();
    const chosen = parseProfileName(wanted);
    if (!chosen && wanted !== "default")
      throw new AppError("BAD_ARGUMENT", {
        name: "name",
        expected: `one of ${NAMES}`,
        usage: "profile NAME",
      });
    const { name } = await services.profiles.setProfile(guildId, chosen);
    session.prepareAnew();
    await reply({ tone: "done", lines: [`From the next song on, songs sound as **${name}** here.`] });
  },
});
