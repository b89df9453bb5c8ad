import {
  AppError,
  type CommandContext,
  defineCommand,
  defineSubcommand,
  inVoice,
  isRepeated,
  itemTitle,
  type Panel,
  phrase,
  type QueueItem,
  required,
  requireRight,
  thing,
  usageIn,
  word,
} from "#command";

const ofUser = defineSubcommand({
  description: ({ commands }) => commands.removeUser.about,
  args: { person: required(thing("user", ({ commands }) => commands.removeUser.person)) },
  action: "play",
  async run(context, { person }) {
    const items = context.session.queue.items.filter(({ requestedBy }) => requestedBy.id === person);
    const none = context.texts.queue.nothingOf({ mention: `<@${person}>` });
    await context.reply(items.length === 0 ? { tone: "info", lines: [none] } : remove(context, items));
  },
});

const duplicates = defineSubcommand({
  description: ({ commands }) => commands.removeDuplicates.about,
  args: {},
  action: "play",
  async run(context) {
    const items = context.session.queue.items.filter(isRepeated());
    const none = context.texts.queue.nothingTwice;
    await context.reply(items.length === 0 ? { tone: "info", lines: [none] } : remove(context, items));
  },
});

const ARGS = { numbers: required(word(({ commands }) => commands.remove.numbers)) };

export const command = defineCommand({
  name: "remove",
  group: "queue",
  aliases: ["rm"],
  description: ({ commands }) => commands.remove.about,
  args: ARGS,
  // Whose songs they are is looked at once it is known which.
  action: "play",
  further: ["song.control"],
  visibility: "public",
  needs: [inVoice],
  async run(context, { numbers }) {
    const [first, last] = rangeOf(context, numbers);
    const items = context.session.queue.items.slice(first - 1, last);
    if (items.length === 0) throw new AppError("NOT_IN_QUEUE");
    await context.reply(remove(context, items));
  },
  mainWord: "songs",
  subcommands: { user: ofUser, duplicates },
});

/** Both ends are in it. @throws {AppError} `BAD_ARGUMENT` */
function rangeOf(context: CommandContext, numbers: string): readonly [first: number, last: number] {
  const [, first = "", last = first] = /^([1-9]\d{0,4})(?:-([1-9]\d{0,4}))?$/u.exec(numbers) ?? [];
  if (first !== "" && Number(first) <= Number(last)) return [Number(first), Number(last)];
  throw new AppError("BAD_ARGUMENT", {
    name: "numbers",
    expected: phrase("NUMBERS"),
    usage: usageIn(context, { name: "remove", args: ARGS }),
  });
}

/** @throws {AppError} `NOT_ALLOWED` */
function remove(context: CommandContext, items: readonly QueueItem[]): Panel {
  requireRight(context, "song.control", items);
  const { session, texts } = context;
  const unwanted = new Set(items);
  const removed = session.queue.removeWhere((item) => unwanted.has(item));
  const [item] = removed;
  const line =
    item && removed.length === 1
      ? texts.queue.removed({ song: itemTitle(item) })
      : texts.queue.removedMany({ removed: removed.length });
  return { tone: "done", lines: [line] };
}
