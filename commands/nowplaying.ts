import { AppError, defineCommand, loadingPanel, nowPlayingPanel } from "#command";

export const command = defineCommand({
  name: "nowplaying",
  group: "play",
  aliases: ["np"],
  description: ({ commands }) => commands.nowplaying.about,
  args: {},
  action: "view",
  visibility: "private",
  needs: [],
  async run({ session, services, texts, reply }) {
    const { state } = session;
    switch (state.status) {
      case "idle":
        throw new AppError("NOTHING_PLAYING");
      case "loading":
        await reply(loadingPanel(state.item.track, state.preparation, texts));
        return;
      case "playing":
      case "paused": {
        const { item, audio } = state;
        await reply(nowPlayingPanel({ session, item, audio, nowMs: services.clock.nowMs(), texts }));
      }
    }
  },
});
