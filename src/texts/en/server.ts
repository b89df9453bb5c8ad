/** What a server chooses, and help. */
export const server = {
  commands: "Commands",
  slashOnly: "Slash commands only.",
  bothWays: ({ prefix }: { prefix: string }): string => `Each works as /name and as ${prefix}name.`,

  forOwners: "For the owners of this bot, at most once a day. OWNER_NOTICES=false ends these messages.",

  soundIs: ({ profile, names }: { profile: string; names: string }): string =>
    `Songs sound as **${profile}** here. To choose: ${names} or default.`,
  soundChosen: ({ profile }: { profile: string }): string =>
    `From the next song on, songs sound as **${profile}** here.`,

  languageIs: ({ language, names }: { language: string; names: string }): string =>
    `I speak **${language}** here. To choose: ${names} or auto.`,
  languageFollows: ({ names }: { names: string }): string =>
    `I speak as Discord is set: to you in your language, to all in the server's. To choose: ${names} or auto.`,
  languageChosen: ({ language }: { language: string }): string => `From now on I speak **${language}** here.`,
  languageLeft: "From now on I speak as Discord is set.",
};
