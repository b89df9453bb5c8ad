import { AppError, defineCommand, loadingPanel, nowPlayingPanel } from "#command";

export const command = defineCommand({
  name: "nowplaying",
  aliases: ["np"],
  description: "Show the song that is playing",
  args: {},
  action: "view",
  visibility: "private",
  needs: [],
  async run({ session, services, reply }) {
    const { state } = session;
    switch (state.status) {
      case "idle":
        throw new AppError("NOTHING_PLAYING");
      case "loading":
        await reply(loadingPanel(state.item.track, state.preparation));
        return;
      case "playing":
      case "paused": {
        const { item, audio } = state;
        await reply(nowPlayingPanel({ session, item, audio, nowMs: services.clock.nowMs() }));
      }
    }
  },
});
