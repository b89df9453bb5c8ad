import {
  AppError,
  currentSong,
  defineCommand,
  formatDuration,
  type Panel,
  playing,
  songTitle,
} from "#command";

export const command = defineCommand({
  name: "grab",
  group: "taste",
  aliases: ["save"],
  description: ({ commands }) => commands.grab.about,
  args: {},
  action: "view",
  visibility: "private",
  needs: [playing],
  async run(context) {
    const { session, privateTexts, directMessage, reply } = context;
    const track = await currentSong(context);
    const { grabbed, grabbedAt } = privateTexts.taste;
    const panel: Panel = {
      tone: "info",
      lines: [songTitle(track), grabbedAt({ time: formatDuration(session.positionMs) })],
      footer: track.url,
    };
    if (!(await directMessage(panel))) throw new AppError("NO_DIRECT_MESSAGE");
    await reply({ tone: "done", lines: [grabbed] });
  },
});
