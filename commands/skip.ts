import {
  AppError,
  buttonId,
  type CommandContext,
  type Count,
  defineCommand,
  goTo,
  integer,
  inVoice,
  itemTitle,
  type Panel,
  playing,
  type QueueItem,
  type Texts,
  voteToSkip,
} from "#command";

export const command = defineCommand({
  name: "skip",
  group: "queue",
  aliases: ["s", "next"],
  description: ({ commands }) => commands.skip.about,
  args: { to: integer(({ commands }) => commands.skip.to, { min: 1, max: 99_999 }) },
  // Of others' songs it is a matter of rights or votes.
  action: "view",
  further: ["song.control"],
  visibility: "public",
  needs: [inVoice, playing],
  async run(context, { to }) {
    if (to !== undefined) {
      const line = context.texts.queue.wentTo({ song: itemTitle(goTo(context, to)) });
      await context.reply({ tone: "info", lines: [line] });
      return;
    }
    const count = voteToSkip(context);
    // Whoever is to vote must see it.
    if (count) await context.reply(votePanel(context, count), { private: false });
    else await context.reply(skip(context, context.texts));
  },
  presses: {
    vote: async (context, { payload }) => {
      await context.update(voteFor(context, payload));
    },
  },
});

function skip({ session }: CommandContext, { queue }: Texts): Panel {
  const skipped = session.skip();
  const next = session.queue.items[0];
  const lines = [
    ...(skipped ? [queue.skipped({ song: itemTitle(skipped) })] : []),
    next ? queue.next({ song: itemTitle(next) }) : queue.noneLeft,
  ];
  return { tone: "info", lines };
}

/** One more vote, if the song that it is about still plays. */
function voteFor(context: CommandContext, itemId: string): Panel {
  const { publicTexts } = context;
  if (current(context)?.id !== itemId) return { tone: "info", lines: [publicTexts.queue.voteOver] };
  const count = voteToSkip(context);
  return count ? votePanel(context, count) : skip(context, publicTexts);
}

/** How many want to skip, and a button for the others. */
function votePanel(context: CommandContext, count: Count): Panel {
  const { queue } = context.publicTexts;
  const item = current(context);
  if (!item) throw new AppError("NOTHING_PLAYING");
  const id = buttonId("skip", "vote", item.id);
  return {
    tone: "waiting",
    lines: [queue.vote({ song: itemTitle(item), ...count })],
    buttons: [{ label: queue.voteButton(count), id, style: "primary" }],
  };
}

function current({ session: { state } }: CommandContext): QueueItem | undefined {
  return state.status === "idle" ? undefined : state.item;
}
