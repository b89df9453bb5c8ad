import {
  buttonId,
  defineCommand,
  inVoice,
  type Panel,
  playing,
  songTitle,
  type Texts,
  voteToSkip,
} from "#command";

export const command = defineCommand({
  name: "skip",
  group: "queue",
  aliases: ["s", "next"],
  description: ({ commands }) => commands.skip.about,
  args: {},
  // Of others' songs it is a matter of rights or votes.
  action: "view",
  visibility: "public",
  needs: [inVoice, playing],
  async run(context) {
    const { session, surface, texts, reply } = context;
    const count = voteToSkip(context);
    if (count) {
      await reply(votePanel(count, texts), { private: surface === "button" });
      return;
    }
    const skipped = session.skip();
    const next = session.queue.items[0];
    const { queue } = texts;
    const lines = [
      ...(skipped ? [queue.skipped({ song: songTitle(skipped.track) })] : []),
      next ? queue.next({ song: songTitle(next.track) }) : queue.noneLeft,
    ];
    await reply({ tone: "info", lines });
  },
});

/** How many want to skip, and a button for the others. */
function votePanel(count: { readonly votes: number; readonly needed: number }, { queue }: Texts): Panel {
  return {
    tone: "waiting",
    lines: [queue.voted(count)],
    buttons: [{ label: queue.buttons.vote, id: buttonId("skip", "press"), style: "primary" }],
  };
}
