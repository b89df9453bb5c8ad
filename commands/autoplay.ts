import { choice, defineCommand, switchOption } from "#command";

export const command = defineCommand({
  name: "autoplay",
  group: "taste",
  description: ({ commands }) => commands.autoplay.about,
  args: { choice: choice(({ commands }) => commands.autoplay.choice, ["on", "off"]) },
  action: "view",
  further: ["options.dj"],
  visibility: "public",
  needs: [],
  async run(context, { choice: chosen }) {
    const { autoplayOn: on, autoplayOff: off } = context.texts.taste;
    await switchOption(context, "autoplay", chosen, { on, off });
  },
});
