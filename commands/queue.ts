import {
  AppError,
  type Button,
  buttonId,
  type CommandContext,
  defineCommand,
  formatDuration,
  goTo,
  integer,
  itemLengthMs,
  itemTitle,
  type Menu,
  pageButtons,
  type Panel,
  type Press,
  type QueueItem,
  requester,
  requireRight,
  requireVoice,
  titleLine,
} from "#command";

const PER_PAGE = 10;
/** Of a choice in a menu, says Discord. */
const MAX_LABEL = 100;

export const command = defineCommand({
  name: "queue",
  group: "queue",
  aliases: ["q"],
  description: ({ commands }) => commands.queue.about,
  args: { page: integer(({ commands }) => commands.queue.page, { min: 1, max: 9_999 }) },
  action: "view",
  further: ["queue.control"],
  visibility: "private",
  needs: [],
  async run(context, { page }) {
    await context.reply(await queuePanel(context, page ?? 1));
  },
  // Pages and songs are in the buttons, so they work after a restart too.
  presses: {
    page: async (context, { payload }) => context.update(await queuePanel(context, pageOf(payload))),
    pick: async (context, press) => context.update(chosenPanel(context, press)),
    jump: async (context, { payload }) => {
      const { item, position, page } = chosenOf(context, payload);
      goTo(context, position);
      const line = context.texts.queue.wentTo({ song: itemTitle(item) });
      // The song that plays is not over yet, so the queue cannot be shown as it will be.
      await context.update({ tone: "done", lines: [line], buttons: [listButton(context, page)] });
    },
    first: async (context, { payload }) => {
      const { item, position, page } = chosenOf(context, payload);
      requireVoice(context);
      requireRight(context, "queue.control");
      context.session.queue.move(position, 1);
      const line = context.texts.queue.moved({ song: itemTitle(item), position: 1 });
      await context.update(await queuePanel(context, page, line));
    },
    remove: async (context, { payload }) => {
      const { item, position, page } = chosenOf(context, payload);
      requireVoice(context);
      requireRight(context, "song.control", [item]);
      context.session.queue.remove(position);
      const line = context.texts.queue.removed({ song: itemTitle(item) });
      await context.update(await queuePanel(context, page, line));
    },
  },
});

function pageOf(payload: string): number {
  return Number.parseInt(payload, 10) || 1;
}

/** One page of the queue, below a line about what was just done. */
async function queuePanel(context: CommandContext, wantedPage: number, line?: string): Promise<Panel> {
  const { session, texts } = context;
  const { queue } = texts;
  const { items } = session.queue;
  const pages = Math.max(1, Math.ceil(items.length / PER_PAGE));
  const page = Math.min(Math.max(1, wantedPage), pages);
  const first = (page - 1) * PER_PAGE;
  const shown = items.slice(first, first + PER_PAGE);
  const rows = await Promise.all(shown.map((item, index) => row(context, item, first + index + 1)));
  const empty = items.length === 0 ? [queue.empty] : [];
  const repeated = session.loop === "off" ? [] : [queue.loop[session.loop]];
  return {
    tone: "info",
    title: `${queue.title({ waiting: items.length })}${length(items)}`,
    lines: [...(line === undefined ? [] : [line]), ...current(context), ...rows, ...empty],
    footer: [queue.legend, ...repeated].join(" · "),
    ...(pages > 1 && { buttons: pageButtons("queue", { page, pages }, texts) }),
    ...(shown.length > 0 && { menu: menu(context, page, shown) }),
  };
}

function current({ session, texts: { queue } }: CommandContext): string[] {
  const { state } = session;
  if (state.status === "idle") return [];
  const { item } = state;
  const endMs = item.endMs ?? item.track.durationMs;
  const left = endMs === null ? 0 : endMs - session.positionMs;
  const rest = left > 0 ? ` (${queue.left({ time: formatDuration(left) })})` : "";
  return [`${queue.now({ song: itemTitle(item) })}${rest}`];
}

async function row(context: CommandContext, item: QueueItem, number: number): Promise<string> {
  const { services, guildId } = context;
  const mark = (await services.cached(item.track, guildId)) ? "⚡ " : "";
  return `${number}\\. ${mark}${describe(context, item)}`;
}

function describe({ texts }: CommandContext, item: QueueItem): string {
  const lengthMs = itemLengthMs(item);
  const duration = lengthMs === null ? "" : ` · ${formatDuration(lengthMs)}`;
  return `${itemTitle(item)}${duration} · ${requester(item, texts)}`;
}

function length(items: readonly QueueItem[]): string {
  const totalMs = items.reduce((sum, item) => sum + (itemLengthMs(item) ?? 0), 0);
  return totalMs > 0 ? ` · ${formatDuration(totalMs)}` : "";
}

function menu({ texts }: CommandContext, page: number, shown: readonly QueueItem[]): Menu {
  const options = shown.map((item, index) => {
    const number = `${(page - 1) * PER_PAGE + index + 1}. `;
    return { label: `${number}${titleLine(item.track, MAX_LABEL - number.length)}`, value: item.id };
  });
  return { id: buttonId("queue", "pick", String(page)), placeholder: texts.queue.choose, options };
}

/** A song of the queue, and what can be done with it. */
function chosenPanel(context: CommandContext, { payload, input }: Press): Panel {
  const { item, position, page } = chosenOf(context, `${pageOf(payload)}:${input}`);
  const { queue } = context.texts;
  const button = (label: string, press: string, style: Button["style"]): Button => ({
    label,
    id: buttonId("queue", press, `${page}:${item.id}`),
    style,
  });
  return {
    tone: "info",
    title: queue.number({ position }),
    lines: [describe(context, item)],
    buttons: [
      button(queue.buttons.jump, "jump", "primary"),
      { ...button(queue.buttons.first, "first", "secondary"), disabled: position === 1 },
      button(queue.buttons.remove, "remove", "danger"),
      listButton(context, page),
    ],
  };
}

function listButton({ texts }: CommandContext, page: number): Button {
  return { label: texts.queue.buttons.list, id: buttonId("queue", "page", String(page)), style: "secondary" };
}

interface Chosen {
  readonly item: QueueItem;
  readonly position: number;
  /** On which it was chosen. */
  readonly page: number;
}

/** The song that a press is about, wherever it stands by now. @throws {AppError} `NOT_IN_QUEUE` */
function chosenOf({ session }: CommandContext, payload: string): Chosen {
  const itemId = payload.slice(payload.indexOf(":") + 1);
  const { items } = session.queue;
  const index = items.findIndex(({ id }) => id === itemId);
  const item = items[index];
  if (!item) throw new AppError("NOT_IN_QUEUE");
  return { item, position: index + 1, page: pageOf(payload) };
}
