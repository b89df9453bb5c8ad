import {
  type CommandContext,
  defineCommand,
  formatDuration,
  integer,
  pageButtons,
  type Panel,
  type QueueItem,
  songTitle,
} from "#command";

const PER_PAGE = 10;

export const command = defineCommand({
  name: "queue",
  group: "queue",
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
  const { queue } = texts;
  const { items } = session.queue;
  const pages = Math.max(1, Math.ceil(items.length / PER_PAGE));
  const page = Math.min(Math.max(1, wantedPage), pages);
  const first = (page - 1) * PER_PAGE;
  const shown = items.slice(first, first + PER_PAGE);
  const rows = await Promise.all(shown.map((item, index) => row(context, item, first + index + 1)));
  const empty = items.length === 0 ? [queue.empty] : [];
  return {
    tone: "info",
    title: `${queue.title({ waiting: items.length })}${length(items)}`,
    lines: [...current(context), ...rows, ...empty],
    footer: queue.legend,
    ...(pages > 1 && { buttons: pageButtons("queue", { page, pages }, texts) }),
  };
}

function current({ session, texts: { queue } }: CommandContext): string[] {
  const { state } = session;
  if (state.status === "idle") return [];
  const { item } = state;
  const left = item.track.durationMs === null ? 0 : item.track.durationMs - session.positionMs;
  const rest = left > 0 ? ` (${queue.left({ time: formatDuration(left) })})` : "";
  return [`${queue.now({ song: songTitle(item.track) })}${rest}`];
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
