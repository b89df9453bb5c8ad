import {
  AppError,
  type CommandContext,
  currentSong,
  defineCommand,
  flag,
  lyricsPanel,
  lyricsView,
  optionalLongText,
  type Panel,
  savedSongKey,
  songsMeant,
  songTitle,
  type Track,
  versesAt,
} from "#command";

export const command = defineCommand({
  name: "lyrics",
  group: "taste",
  aliases: ["ly"],
  description: ({ commands }) => commands.lyrics.about,
  args: {
    song: optionalLongText(({ commands }) => commands.lyrics.song),
    whole: flag(({ commands }) => commands.lyrics.whole),
  },
  action: "view",
  visibility: "public",
  needs: [],
  async run(context, { song, whole }) {
    const [track] = await songsMeant(context, song, 1);
    if (!track) throw new AppError("NOTHING_FOUND");
    if (song === undefined && !whole && (await followed(context, track))) return;
    await context.reply(await wholePanel(context, track, 1));
  },
  presses: {
    // The song is in the button, so it works after a restart too.
    page: async (context, { payload }) => {
      const [page = "", , key = ""] = payload.split(":");
      const [known] = await context.services.ownSongs(context.guildId).find(key, { limit: 1 });
      if (!known) throw new AppError("NOTHING_FOUND");
      await context.update(await wholePanel(context, known.track, Number.parseInt(page, 10) || 1));
    },
  },
});

/** Shows the verse that is sung, and goes along. False = nobody knows when which line is sung. */
async function followed(context: CommandContext, track: Track): Promise<boolean> {
  const { services, signal, publicTexts, reply } = context;
  const lyrics = await services.taste.lyrics.find(track, signal);
  const { session } = context;
  const { state } = session;
  if (!lyrics || lyrics.timed.length === 0 || state.status === "idle") return false;
  // Looking for them took a while: another song may play by now.
  const now = await currentSong(context);
  if (savedSongKey(now) !== savedSongKey(track)) return false;
  const view = lyricsView(track, lyrics, publicTexts);
  const handle = await reply(view.panel(versesAt(view.verses, session.positionMs)));
  services.taste.lyricsBoard.follow({ session, item: state.item }, view, handle);
  return true;
}

async function wholePanel(
  { services, signal, publicTexts }: CommandContext,
  track: Track,
  page: number,
): Promise<Panel> {
  const lyrics = await services.taste.lyrics.find(track, signal);
  if (!lyrics) throw new AppError("NO_LYRICS", { song: songTitle(track) });
  return lyricsPanel(track, lyrics, { page, key: savedSongKey(track) }, publicTexts);
}
