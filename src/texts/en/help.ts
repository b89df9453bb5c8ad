/** What `help` says. */
export const help = {
  title: "Commands",
  slashOnly: "Slash commands only.",
  bothWays: ({ prefix }: { prefix: string }): string => `Each works as /name and as ${prefix}name.`,
  more: ({ line }: { line: string }): string => `More about one: ${line}`,
  choose: "More about a subject",
  groups: {
    play: "Playing",
    queue: "Queue",
    sound: "Sound",
    taste: "Favourites and taste",
    server: "This server",
    cache: "Cache",
  },
  part: ({ group, part }: { group: string; part: number }): string => `${group}, part ${part}`,
  alsoAs: ({ names }: { names: string }): string => `Also typed as ${names}`,
};
