import {
  addedPanel,
  addSongs,
  type CommandContext,
  currentSong,
  defineCommand,
  defineSubcommand,
  favouritesOf,
  flag,
  integer,
  inVoice,
  listName,
  listPanel,
  MOST_SONGS_IN_LIST,
  optionalLongText,
  type Panel,
  playSongs,
  shuffled,
  songAt,
  songsMeant,
  songsOf,
  songTitle,
} from "#command";

const NUMBERS = { min: 1, max: MOST_SONGS_IN_LIST };

const add = defineSubcommand({
  description: ({ commands }) => commands.favouritesAdd.about,
  args: { song: optionalLongText(({ commands }) => commands.favouritesAdd.song) },
  action: "lists.keep",
  async run(context, { song }) {
    const place = favouritesOf(context);
    const tracks = await songsMeant(context, song);
    const added = await addSongs(context, place, tracks);
    await context.reply(addedPanel(listName(place, context.texts), tracks, added, context.texts));
  },
});

const play = defineSubcommand({
  description: ({ commands }) => commands.favouritesPlay.about,
  args: {
    number: integer(({ commands }) => commands.favouritesPlay.number, NUMBERS),
    shuffle: flag(({ commands }) => commands.playlistPlay.shuffle),
  },
  action: "play",
  visibility: "public",
  needs: [inVoice],
  async run(context, { number, shuffle }) {
    const place = favouritesOf(context);
    const songs =
      number === undefined ? await songsOf(context, place) : [await songAt(context, place, number)];
    const { random } = context.services.taste;
    await playSongs(context, listName(place, context.publicTexts), shuffle ? shuffled(songs, random) : songs);
  },
});

const remove = defineSubcommand({
  description: ({ commands }) => commands.favouritesRemove.about,
  args: { number: integer(({ commands }) => commands.favouritesRemove.number, NUMBERS) },
  action: "lists.keep",
  async run(context, { number }) {
    const { services, texts, reply } = context;
    const place = favouritesOf(context);
    const song = number === undefined ? await currentSong(context) : await songAt(context, place, number);
    await services.taste.lists.remove(place.owner, place.name, song);
    const line = texts.lists.removed({ song: songTitle(song), name: listName(place, texts) });
    await reply({ tone: "done", lines: [line] });
  },
});

export const command = defineCommand({
  name: "favourites",
  group: "taste",
  aliases: ["favorites", "fav"],
  description: ({ commands }) => commands.favourites.about,
  args: { page: integer(({ commands }) => commands.favourites.page, { min: 1, max: 9_999 }) },
  action: "view",
  visibility: "private",
  needs: [],
  async run(context, { page }) {
    await context.reply(await favouritesPanel(context, page ?? 1));
  },
  mainWord: "show",
  subcommands: { add, play, remove },
  presses: {
    page: async (context, { payload }) =>
      context.update(await favouritesPanel(context, Number.parseInt(payload, 10) || 1)),
  },
});

async function favouritesPanel(context: CommandContext, page: number): Promise<Panel> {
  const place = favouritesOf(context);
  const songs = (await context.services.taste.lists.songsOf(place.owner, place.name)) ?? [];
  return await listPanel(context, place, songs, { command: "favourites", page });
}
