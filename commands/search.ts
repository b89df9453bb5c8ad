import {
  AppError,
  buttonId,
  type CommandContext,
  defineCommand,
  formatDuration,
  inVoice,
  requestSongs,
  songTitle,
  text,
  titleLine,
  type Track,
} from "#command";

const MOST_FOUND = 10;
/** Of a choice and of its value in a menu, says Discord. */
const MAX_LABEL = 100;

export const command = defineCommand({
  name: "search",
  group: "play",
  aliases: ["find"],
  description: ({ commands }) => commands.search.about,
  args: { words: text(({ commands }) => commands.search.words) },
  action: "play",
  visibility: "private",
  needs: [inVoice],
  async run(context, { words }) {
    const { texts, reply } = context;
    const found = await look(context, words);
    const songs = found.filter(isChoosable);
    if (songs.length === 0) throw new AppError("NOTHING_FOUND");
    const rows = await Promise.all(songs.map((track, index) => row(context, track, index + 1)));
    const options = songs.map((track, index) => {
      const number = `${index + 1}. `;
      return { label: `${number}${titleLine(track, MAX_LABEL - number.length)}`, value: track.url };
    });
    await reply({
      tone: "info",
      title: texts.songs.found,
      lines: rows,
      footer: texts.queue.legend,
      menu: { id: buttonId("search", "pick"), placeholder: texts.songs.choose, options },
    });
  },
  // The link is in the choice, so it works after a restart too.
  presses: { pick: async (context, { input }) => requestSongs(context, input) },
});

/** Its link fits into a choice, and no other choice has it. */
function isChoosable({ url }: Track, index: number, found: readonly Track[]): boolean {
  return url !== "" && url.length <= MAX_LABEL && found.findIndex((track) => track.url === url) === index;
}

/** What the source finds; when it does not answer, what is cached here. */
async function look({ guildId, services, signal }: CommandContext, words: string): Promise<readonly Track[]> {
  try {
    return await services.search(words, MOST_FOUND, signal);
  } catch (error) {
    const own = await services.ownSongs(guildId).find(words, { limit: MOST_FOUND, cachedOnly: true });
    if (own.length === 0) throw error;
    return own.map(({ track }) => track);
  }
}

async function row({ services, guildId }: CommandContext, track: Track, number: number): Promise<string> {
  const mark = (await services.cached(track, guildId)) ? "⚡ " : "";
  const time = track.durationMs === null ? "" : ` · ${formatDuration(track.durationMs)}`;
  return `${number}\\. ${mark}${songTitle(track)}${time}`;
}
