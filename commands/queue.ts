import {
  type Button,
  buttonId,
  type CommandContext,
  defineCommand,
  formatDuration,
  integer,
  type Panel,
  type QueueItem,
  songTitle,
  type Texts,
} from "#command";

const PER_PAGE = 10;

export const command = defineCommand({
  name: "queue",
  aliases: ["q"],
  description: ({ commands }) => commands.queue.about,
  args: { page: integer(({ commands }) => commands.queue.page, { min: 1, max: 9_999 }) },
  action: "view",
  visibility: "private",
  needs: [],
  async run(context, { page }) {
    await context.reply(await queuePanel(context, page ?? 1));
  },
  presses: {
    // The page is in the button, so it works after a restart too.
    page: async (context, { payload }) =>
      context.update(await queuePanel(context, Number.parseInt(payload, 10) || 1)),
  },
});

async function queuePanel(context: CommandContext, wantedPage: number): Promise<Panel> {
  const { session, texts } = context;
  const { songs } = texts;
  const { items } = session.queue;
  const pages = Math.max(1, Math.ceil(items.length / PER_PAGE));
  const page = Math.min(Math.max(1, wantedPage), pages);
  const first = (page - 1) * PER_PAGE;
  const shown = items.slice(first, first + PER_PAGE);
  const rows = await Promise.all(shown.map((item, index) => row(context, item, first + index + 1)));
  const empty = items.length === 0 ? [songs.queueEmpty] : [];
  return {
    tone: "info",
    title: `${songs.queueTitle({ waiting: items.length })}${length(items)}`,
    lines: [...current(context), ...rows, ...empty],
    footer: songs.legend,
    ...(pages > 1 && { buttons: pager(page, pages, texts) }),
  };
}

function current({ session, texts: { songs } }: CommandContext): string[] {
  const { state } = session;
  if (state.status === "idle") return [];
  const { item } = state;
  const left = item.track.durationMs === null ? 0 : item.track.durationMs - session.positionMs;
  const rest = left > 0 ? ` (${songs.left({ time: formatDuration(left) })})` : "";
  return [`${songs.queueNow({ song: songTitle(item.track) })}${rest}`];
}

async function row({ services, guildId }: CommandContext, item: QueueItem, number: number): Promise<string> {
  const mark = (await services.cached(item.track, guildId)) ? "⚡ " : "";
  const duration = item.track.durationMs === null ? "" : ` · ${formatDuration(item.track.durationMs)}`;
  return `${number}\\. ${mark}${songTitle(item.track)}${duration} · <@${item.requestedBy.id}>`;
}

function length(items: readonly QueueItem[]): string {
  const totalMs = items.reduce((sum, item) => sum + (item.track.durationMs ?? 0), 0);
  return totalMs > 0 ? ` · ${formatDuration(totalMs)}` : "";
}

function pager(page: number, pages: number, { songs: { buttons } }: Texts): Button[] {
  const button = (label: string, to: number, name: string): Button => ({
    label,
    // Two buttons of one message must not share an id.
    id: buttonId("queue", "page", `${to}:${name}`),
    style: "secondary",
    disabled: to < 1 || to > pages,
  });
  return [
    button(buttons.back, page - 1, "back"),
    { ...button(buttons.page({ page, pages }), page, "here"), disabled: true },
    button(buttons.next, page + 1, "next"),
  ];
}
