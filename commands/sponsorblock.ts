import { choice, defineCommand, switchOption } from "#command";

export const command = defineCommand({
  name: "sponsorblock",
  group: "taste",
  description: ({ commands }) => commands.sponsorblock.about,
  args: { choice: choice(({ commands }) => commands.sponsorblock.choice, ["on", "off"]) },
  action: "view",
  further: ["options.dj"],
  visibility: "public",
  needs: [],
  async run(context, { choice: chosen }) {
    const { sponsorBlockOn: on, sponsorBlockOff: off } = context.texts.taste;
    await switchOption(context, "sponsorBlock", chosen, { on, off });
  },
});
