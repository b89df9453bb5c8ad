import { defineCommand, usageOf } from "#command";

export const command = defineCommand({
  name: "help",
  description: "Show all commands",
  args: {},
  action: "view",
  visibility: "private",
  needs: [],
  async run({ services, reply }) {
    const prefix = services.prefix ?? "/";
    const lines = services.commands.map((known) => `\`${usageOf(known, prefix)}\` — ${known.description}`);
    const twins =
      services.prefix === undefined ? "Slash commands only." : `Each works as /name and as ${prefix}name.`;
    await reply({ tone: "info", title: "Commands", lines, footer: twins });
  },
});
