import {
  AppError,
  type CommandContext,
  defineCommand,
  flag,
  inVoice,
  type OwnSongs,
  type MessageHandle,
  type Panel,
  type QueueItem,
  playlistPanel,
  queuedPanel,
  requireRight,
  roomsOf,
  type Resolved,
  songSuggestion,
  songTitle,
  startingPanel,
  type Suggestion,
  text,
  type Track,
} from "#command";

/** Of a playlist, so that one link cannot fill a queue for days. */
const MAX_PLAYLIST_TRACKS = 200;

export const command = defineCommand({
  name: "play",
  group: "play",
  aliases: ["p"],
  description: ({ commands }) => commands.play.about,
  args: {
    query: text(({ commands }) => commands.play.query, suggest),
    force: flag(({ commands }) => commands.play.force),
  },
  action: "play",
  visibility: "public",
  needs: [inVoice],
  async run(context, { query, force }) {
    if (force) requireRight(context, "cache.manage");
    const where = {
      guildId: context.guildId,
      roomIds: roomsOf(context),
      startsNow: !force && startsNow(context),
    };
    const { stopped } = context.session;
    const signal = AbortSignal.any([context.signal, stopped]);
    const found = await context.services.resolve(query, where, signal);
    if (force) await fetchAnew(context, found, signal);
    if (found.kind === "playlist") await addPlaylist(context, { ...found, stopped });
    else {
      const { startMs, fromCatalogue } = found;
      // The note stays with the song, for everyone to read.
      const note = fromCatalogue && context.publicTexts.songs.withoutSource;
      for (const track of found.tracks)
        await addTrack(context, track, { startMs, ...(note !== undefined && { note }) });
    }
  },
});

const SUGGESTED_SONGS = 15;
const SUGGESTED_SEARCHES = 10;

/** Songs this bot knows, cached ones first, then searches made before, then what others search for if that comes in time. */
async function* suggest(own: OwnSongs, typed: string): AsyncGenerator<Suggestion> {
  for (const song of await own.find(typed, { limit: SUGGESTED_SONGS })) yield songSuggestion(song);
  for (const words of await own.searches(typed, SUGGESTED_SEARCHES)) yield { name: words, value: words };
  for (const words of await own.elsewhere(typed)) yield { name: words, value: words };
}

/** What is there plays on meanwhile, and stays when the new file is not accepted. */
async function fetchAnew(
  { guildId, services, publicTexts, reply }: CommandContext,
  found: Resolved,
  signal: AbortSignal,
): Promise<void> {
  const track = found.kind === "tracks" ? found.tracks[0] : undefined;
  if (!track) throw new AppError("FORCE_ONE_SONG");
  const line = publicTexts.songs.fetchingAnew({ song: songTitle(track) });
  await reply({ tone: "waiting", lines: [line] }, { private: false });
  await services.cacheTools.refresh(track, guildId, signal);
}

interface Extras {
  readonly startMs: number;
  readonly note?: string;
  readonly playlistId?: string;
}

function startsNow({ session }: CommandContext): boolean {
  return session.state.status === "idle" && session.queue.length === 0;
}

/** A start that lies behind the end is a mistake of the link. */
function startWithin({ durationMs }: Track, startMs: number): number {
  return durationMs !== null && startMs >= durationMs ? 0 : startMs;
}

async function addTrack(context: CommandContext, track: Track, extras: Extras): Promise<void> {
  const { services, session } = context;
  const isFirst = startsNow(context);
  const item = enqueue(context, track, extras);
  const position = session.queue.length;
  // The song is on its way already: what is answered must not keep it waiting.
  const cached = services.cached(track, context.guildId);
  if (isFirst) {
    // This answer becomes the song's own message: it changes through the stages of the song.
    const send = (panel: Panel): Promise<MessageHandle> => context.reply(panel, { private: false });
    const meanwhile = cached.then((entry) => startingPanel(item, entry, context.publicTexts));
    await services.announcer.attach(session, item, { send, meanwhile });
    return;
  }
  const panel = queuedPanel(item, position, (await cached) !== undefined, context.privateTexts);
  await context.reply(panel, { private: context.surface !== "prefix" });
}

interface FoundPlaylist {
  readonly id: string;
  readonly entries: AsyncIterable<Track>;
  /** A stop while the list is read means the whole of it. */
  readonly stopped: AbortSignal;
}

async function addPlaylist(context: CommandContext, found: FoundPlaylist): Promise<void> {
  const { entries, stopped } = found;
  let count = 0;
  let isCut = false;
  let reply: MessageHandle | undefined;
  try {
    for await (const track of entries) {
      isCut = count === MAX_PLAYLIST_TRACKS || stopped.aborted;
      if (isCut) break;
      enqueue(context, track, { startMs: 0, playlistId: found.id });
      count += 1;
      // The first song starts while the list is still being read.
      reply ??= await context.reply(playlistPanel(count, "reading", context.texts));
    }
  } catch (error) {
    if (!stopped.aborted) throw error;
    isCut = true;
  }
  const panel = playlistPanel(count, isCut ? "cut" : "done", context.texts);
  if (reply) await reply.edit(panel);
  else await context.reply(panel);
}

function enqueue(context: CommandContext, track: Track, { startMs, ...more }: Extras): QueueItem {
  const item = { ...context.newItem(track, startWithin(track, startMs)), ...more };
  // `inVoice` made sure that there is a channel.
  if (context.voiceChannel) context.session.enqueue([item], context.voiceChannel);
  return item;
}
