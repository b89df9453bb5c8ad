import { defineCommand, lackText, placesText, tasksAround } from "#command";

export const command = defineCommand({
  name: "permissions",
  aliases: ["perms"],
  group: "server",
  description: ({ commands }) => commands.permissions.about,
  args: {},
  action: "view",
  visibility: "private",
  needs: [],
  async run(context) {
    const { guildId, services, texts, reply } = context;
    const tasks = tasksAround(context);
    const lines = services.lacks(guildId, tasks).map((lack) => lackText(lack, texts));
    const { title, who, complete } = texts.permissions;
    if (lines.length > 0) await reply({ tone: "warning", title, lines, footer: who });
    else await reply({ tone: "done", lines: [complete({ channels: placesText(tasks, texts) })] });
  },
});
