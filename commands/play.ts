import {
  AppError,
  type AttachedFile,
  defineCommand,
  type EnqueueAt,
  file,
  firstLink,
  flag,
  type GivenMessage,
  integer,
  inVoice,
  optionalLongText,
  type OwnSongs,
  requestSongs,
  required,
  songSuggestion,
  type Suggestion,
  usageIn,
} from "#command";

const MOST_OF_A_LIST = 1_000;

const QUERY = optionalLongText(({ commands }) => commands.play.query, suggest);

export const command = defineCommand({
  name: "play",
  group: "play",
  aliases: ["p"],
  description: ({ commands }) => commands.play.about,
  args: {
    query: QUERY,
    file: file(({ commands }) => commands.play.file),
    next: flag(({ commands }) => commands.play.next),
    now: flag(({ commands }) => commands.play.now),
    limit: integer(({ commands }) => commands.play.limit, { min: 1, max: MOST_OF_A_LIST }),
    shuffle: flag(({ commands }) => commands.play.shuffle),
    split: flag(({ commands }) => commands.play.split),
    force: flag(({ commands }) => commands.play.force),
  },
  action: "play",
  further: ["queue.control", "cache.manage"],
  visibility: "public",
  needs: [inVoice],
  async run(context, { query, file: attached, next, now, ...how }) {
    const text = query ?? attached?.url;
    if (text === undefined) {
      const usage = usageIn(context, { name: "play", args: { query: required(QUERY) } });
      throw new AppError("MISSING_ARGUMENT", { name: "query", usage });
    }
    await requestSongs(context, text, {
      at: turnOf(now, next),
      limit: how.limit,
      isShuffled: how.shuffle,
      isSplit: how.split,
      isForced: how.force,
    });
  },
  onMessages: [
    {
      name: ({ songs }) => songs.playThis,
      run: async (context, message) => requestSongs(context, linkIn(message), { at: "next" }),
    },
    {
      name: ({ songs }) => songs.addThis,
      run: async (context, message) => requestSongs(context, linkIn(message)),
    },
  ],
});

function turnOf(now: boolean, next: boolean): EnqueueAt {
  if (now) return "now";
  return next ? "next" : "end";
}

const SUGGESTED_SONGS = 15;
const SUGGESTED_SEARCHES = 10;

/** Songs this bot knows, cached ones first, then searches made before, then what others search for if that comes in time. */
async function* suggest(own: OwnSongs, typed: string): AsyncGenerator<Suggestion> {
  for (const song of await own.find(typed, { limit: SUGGESTED_SONGS })) yield songSuggestion(song);
  for (const words of await own.searches(typed, SUGGESTED_SEARCHES)) yield { name: words, value: words };
  for (const words of await own.elsewhere(typed)) yield { name: words, value: words };
}

/** The first file with sound, else the first link. @throws {AppError} `NOTHING_TO_PLAY_THERE` */
function linkIn({ text, files }: GivenMessage): string {
  const link = files.find(hasSound)?.url ?? firstLink(text);
  if (link === undefined) throw new AppError("NOTHING_TO_PLAY_THERE");
  return link;
}

function hasSound({ contentType }: AttachedFile): boolean {
  return contentType !== undefined && /^(?:audio|video)\//u.test(contentType);
}
