interface Lacking {
  readonly channel: string;
  readonly names: string;
}

/** What the bot lacks in channels. */
export const permissions = {
  title: "What I may not do",
  who: "Someone with Manage Channel or Manage Roles can give me that, or invite me anew by the link in my log.",
  complete: ({ channels }: { channels: string }): string => `I may do all that I need to in ${channels}.`,
  lacks: {
    play: ({ channel, names }: Lacking): string => `${channel}: without ${names} I cannot play there.`,
    status: ({ channel, names }: Lacking): string =>
      `${channel}: without ${names} the song does not stand under its name.`,
    messages: ({ channel, names }: Lacking): string =>
      `${channel}: without ${names} I cannot show there what plays.`,
    replies: ({ channel, names }: Lacking): string =>
      `${channel}: without ${names} I cannot answer typed commands there.`,
    pictures: ({ channel, names }: Lacking): string =>
      `${channel}: without ${names} songs have no covers there.`,
    requests: ({ channel, names }: Lacking): string =>
      `${channel}: without ${names} I cannot clear wishes away there.`,
  },
};
