import { choice, defineCommand, LANGUAGE_CODES, LANGUAGES, requireRight } from "#command";

const NAMES = LANGUAGE_CODES.join(", ");

export const command = defineCommand({
  name: "language",
  group: "server",
  description: ({ commands }) => commands.language.about,
  args: { name: choice(({ commands }) => commands.language.name, [...LANGUAGE_CODES, "auto"]) },
  action: "view",
  further: ["guild.manage"],
  visibility: "public",
  needs: [],
  async run(context, { name }) {
    const { guildId, services, reply } = context;
    if (name === undefined) {
      const chosen = services.languages.choiceOf(guildId);
      const { languageIs, languageFollows } = context.texts.server;
      const line = chosen
        ? languageIs({ language: LANGUAGES[chosen].name, names: NAMES })
        : languageFollows({ names: NAMES });
      await reply({ tone: "info", lines: [line] });
      return;
    }
    requireRight(context, "guild.manage");
    const language = name === "auto" ? undefined : name;
    await services.languages.choose(guildId, language);
    // Said in the language that was chosen.
    const { languageChosen, languageLeft } = services.languages.textsFor(guildId).server;
    const line = language ? languageChosen({ language: LANGUAGES[language].name }) : languageLeft;
    await reply({ tone: "done", lines: [line] });
  },
});
