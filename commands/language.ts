import {
  AppError,
  defineCommand,
  LANGUAGE_CODES,
  LANGUAGES,
  parseLanguage,
  phrase,
  requireRight,
  word,
} from "#command";

const NAMES = LANGUAGE_CODES.join(", ");

export const command = defineCommand({
  name: "language",
  description: ({ commands }) => commands.language.about,
  args: { name: word(({ commands }) => commands.language.name) },
  action: "view",
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
    const wanted = name.toLowerCase();
    const language = parseLanguage(wanted);
    if (!language && wanted !== "auto")
      throw new AppError("BAD_ARGUMENT", {
        name: "name",
        expected: phrase("ONE_OF", { names: NAMES, last: "auto" }),
        usage: "language NAME",
      });
    await services.languages.choose(guildId, language);
    // Said in the language that was chosen.
    const { languageChosen, languageLeft } = services.languages.textsFor(guildId).server;
    const line = language ? languageChosen({ language: LANGUAGES[language].name }) : languageLeft;
    await reply({ tone: "done", lines: [line] });
  },
});
