import { defineCommand, usageOf } from "#command";

export const command = defineCommand({
  name: "help",
  description: ({ commands }) => commands.help.about,
  args: {},
  action: "view",
  visibility: "private",
  needs: [],
  async run({ services, texts, reply }) {
    const prefix = services.prefix ?? "/";
    const lines = services.commands.map(
      (known) => `\`${usageOf(known, prefix)}\` — ${known.description(texts)}`,
    );
    const { commands: title, slashOnly, bothWays } = texts.server;
    const footer = services.prefix === undefined ? slashOnly : bothWays({ prefix });
    await reply({ tone: "info", title, lines, footer });
  },
});
