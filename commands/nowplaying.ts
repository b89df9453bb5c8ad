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
  async run({ session, services, surface, textChannelId, texts, reply }) {
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
        const shown = nowPlayingPanel({ session, item, audio, nowMs: services.clock.nowMs(), texts });
        const handle = await reply(shown);
        // What all can read need not stand there twice.
        if (surface === "prefix") services.announcer.moveTo(session, textChannelId, { handle, shown });
      }
    }
  },
});
