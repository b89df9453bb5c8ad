/** What a server chooses, and what its owners are told. */
export const server = {
  forOwners: "For the owners of this bot, at most once a day. OWNER_NOTICES=false ends these messages.",

  languageIs: ({ language, names }: { language: string; names: string }): string =>
    `I speak **${language}** here. To choose: ${names} or auto.`,
  languageFollows: ({ names }: { names: string }): string =>
    `I speak as Discord is set: to you in your language, to all in the server's. To choose: ${names} or auto.`,
  languageChosen: ({ language }: { language: string }): string => `From now on I speak **${language}** here.`,
  languageLeft: "From now on I speak as Discord is set.",
};
