import {
  addedPanel,
  addSongs,
  AppError,
  choice,
  type CommandContext,
  defineCommand,
  defineSubcommand,
  favouritesOf,
  file,
  findList,
  flag,
  integer,
  inVoice,
  listName,
  type ListPlace,
  listPanel,
  listsPanel,
  listToChange,
  longWord,
  makeList,
  MOST_SONGS_IN_LIST,
  named,
  optionalText,
  type Panel,
  placeOf,
  playing,
  playSongs,
  required,
  shuffled,
  songAt,
  songsMeant,
  songsOf,
  songTitle,
  suggestLists,
  text,
  type Texts,
  writeListJson,
  writeListM3u,
} from "#command";

const name = text(({ commands }) => commands.playlistArgs.name, suggestLists);
const server = flag(({ commands }) => commands.playlistArgs.server);
const WRITERS = { json: writeListJson, m3u: writeListM3u };

async function say(
  { texts, reply }: CommandContext,
  place: ListPlace,
  line: (lists: Texts["lists"]) => (facts: { name: string }) => string,
): Promise<void> {
  await reply({ tone: "done", lines: [line(texts.lists)({ name: listName(place, texts) })] });
}

const newName = text(({ commands }) => commands.playlistArgs.name);

const create = defineSubcommand({
  description: ({ commands }) => commands.playlistCreate.about,
  args: { name: newName, server },
  action: "lists.keep",
  async run(context, values) {
    const place = placeOf(context, values.name, values.server);
    await makeList(context, place);
    await say(context, place, ({ made }) => made);
  },
});

const save = defineSubcommand({
  description: ({ commands }) => commands.playlistSave.about,
  args: { name: newName, server },
  action: "lists.keep",
  needs: [playing],
  async run(context, values) {
    const place = placeOf(context, values.name, values.server);
    await makeList(context, place);
    const { tracks } = context.session;
    const added = await addSongs(context, place, tracks);
    await context.reply(addedPanel(listName(place, context.texts), tracks, added, context.texts));
  },
});

const add = defineSubcommand({
  description: ({ commands }) => commands.playlistAdd.about,
  args: { name, song: named(longWord(({ commands }) => commands.playlistAdd.song)), server },
  action: "lists.keep",
  async run(context, values) {
    const place = await listToChange(context, values.name, values.server);
    const tracks = await songsMeant(context, values.song);
    const added = await addSongs(context, place, tracks);
    await context.reply(addedPanel(listName(place, context.texts), tracks, added, context.texts));
  },
});

const remove = defineSubcommand({
  description: ({ commands }) => commands.playlistRemove.about,
  args: {
    number: required(
      integer(({ commands }) => commands.playlistRemove.number, { min: 1, max: MOST_SONGS_IN_LIST }),
    ),
    name,
    server,
  },
  action: "lists.keep",
  async run(context, values) {
    const { services, texts, reply } = context;
    const place = await listToChange(context, values.name, values.server);
    const song = await songAt(context, place, values.number);
    await services.taste.lists.remove(place.owner, place.name, song);
    const line = texts.lists.removed({ song: songTitle(song), name: listName(place, texts) });
    await reply({ tone: "done", lines: [line] });
  },
});

const show = defineSubcommand({
  description: ({ commands }) => commands.playlistShow.about,
  args: {
    name,
    page: named(integer(({ commands }) => commands.playlistShow.page, { min: 1, max: 9_999 })),
    server,
  },
  action: "view",
  async run(context, values) {
    const place = await findList(context, values.name, values.server);
    await context.reply(await pageOf(context, place, values.page ?? 1));
  },
});

const play = defineSubcommand({
  description: ({ commands }) => commands.playlistPlay.about,
  args: { name, shuffle: flag(({ commands }) => commands.playlistPlay.shuffle), server },
  action: "play",
  visibility: "public",
  needs: [inVoice],
  async run(context, values) {
    const place = await findList(context, values.name, values.server);
    const songs = await songsOf(context, place);
    const { random } = context.services.taste;
    await playSongs(
      context,
      listName(place, context.publicTexts),
      values.shuffle ? shuffled(songs, random) : songs,
    );
  },
});

const deleteList = defineSubcommand({
  description: ({ commands }) => commands.playlistDelete.about,
  args: { name, server },
  action: "lists.keep",
  async run(context, values) {
    const place = await listToChange(context, values.name, values.server);
    await context.services.taste.lists.delete(place.owner, place.name);
    await say(context, place, ({ deleted }) => deleted);
  },
});

/** A copy of a list for somebody else: of the person's for the guild, or the other way round. */
async function copy(context: CommandContext, typed: string, isFromServer: boolean): Promise<ListPlace> {
  const from = await findList(context, typed, isFromServer);
  if (!isFromServer && from.owner.kind === "guild") throw new AppError("LIST_EXISTS");
  const songs = await songsOf(context, from);
  const to = { ...placeOf(context, from.name, !isFromServer), name: from.name };
  await makeList(context, to);
  await addSongs(context, to, songs);
  return to;
}

const share = defineSubcommand({
  description: ({ commands }) => commands.playlistShare.about,
  args: { name },
  action: "lists.keep",
  visibility: "public",
  async run(context, values) {
    await say(context, await copy(context, values.name, false), ({ shared }) => shared);
  },
});

const take = defineSubcommand({
  description: ({ commands }) => commands.playlistTake.about,
  args: { name },
  action: "lists.keep",
  async run(context, values) {
    await say(context, await copy(context, values.name, true), ({ taken }) => taken);
  },
});

const exportList = defineSubcommand({
  description: ({ commands }) => commands.playlistExport.about,
  args: {
    name: optionalText(({ commands }) => commands.playlistArgs.name, suggestLists),
    format: named(choice(({ commands }) => commands.playlistExport.format, ["json", "m3u"])),
    server,
  },
  action: "view",
  async run(context, { name: typed, format = "json", server: isServers }) {
    const { texts, reply } = context;
    const place = typed === undefined ? favouritesOf(context) : await findList(context, typed, isServers);
    const songs = await songsOf(context, place);
    const shown = listName(place, texts);
    const plainName = typed === undefined ? texts.lists.favourites : place.name;
    const line = texts.lists.exported({ name: shown, written: songs.length });
    await reply({
      tone: "done",
      lines: [line],
      file: { name: `playlist.${format}`, text: WRITERS[format]({ name: plainName, songs }) },
    });
  },
});

const importList = defineSubcommand({
  description: ({ commands }) => commands.playlistImport.about,
  args: {
    file: required(file(({ commands }) => commands.playlistImport.file)),
    name: optionalText(({ commands }) => commands.playlistArgs.name, suggestLists),
    server,
  },
  action: "lists.keep",
  async run(context, { file: given, name: typed, server: isServers }) {
    const { services, signal, texts, reply } = context;
    const { tracks, unknown } = await services.taste.readList(given, signal);
    const place =
      typed === undefined ? favouritesOf(context) : await existingOrNew(context, typed, isServers);
    const added = await addSongs(context, place, tracks);
    await reply(addedPanel(listName(place, texts), tracks, { ...added, unknown }, texts));
  },
});

async function existingOrNew(context: CommandContext, typed: string, isServers: boolean): Promise<ListPlace> {
  const place = placeOf(context, typed, isServers);
  const isThere = await context.services.taste.lists.find(place.owner, place.name);
  if (isThere) return await listToChange(context, typed, isServers);
  await makeList(context, place);
  return place;
}

export const command = defineCommand({
  name: "playlist",
  group: "taste",
  aliases: ["playlists", "pl"],
  description: ({ commands }) => commands.playlist.about,
  args: {},
  action: "view",
  visibility: "private",
  needs: [],
  async run(context) {
    await context.reply(await allLists(context, 1));
  },
  mainWord: "all",
  subcommands: {
    create,
    save,
    add,
    remove,
    show,
    play,
    delete: deleteList,
    share,
    take,
    export: exportList,
    import: importList,
  },
  presses: {
    // Whose list and its name are in the button, so it works after a restart too.
    page: async (context, { payload }) => {
      const [page = "", , whose, ...typed] = payload.split(":");
      if (whose === undefined) {
        await context.update(await allLists(context, Number.parseInt(page, 10) || 1));
        return;
      }
      const place = await findList(context, typed.join(":"), whose === "server");
      await context.update(await pageOf(context, place, Number.parseInt(page, 10) || 1));
    },
  },
});

async function allLists({ actor, guildId, services, texts }: CommandContext, page: number): Promise<Panel> {
  const { lists } = services.taste;
  const own = await lists.listsOf({ kind: "person", id: actor.id });
  const guilds = await lists.listsOf({ kind: "guild", id: guildId });
  return listsPanel({ own, guilds }, page, texts);
}

async function pageOf(context: CommandContext, place: ListPlace, page: number): Promise<Panel> {
  const songs = (await context.services.taste.lists.songsOf(place.owner, place.name)) ?? [];
  const about = `${place.owner.kind === "guild" ? "server" : "own"}:${place.name}`;
  return await listPanel(context, place, songs, { command: "playlist", page, about });
}
