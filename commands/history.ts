import {
  type CommandContext,
  defineCommand,
  integer,
  pageButtons,
  type Panel,
  type PastPlay,
  relativeTime,
  songTitle,
  thing,
} from "#command";

const PER_PAGE = 10;
const NOBODY = "";

export const command = defineCommand({
  name: "history",
  group: "taste",
  description: ({ commands }) => commands.history.about,
  args: {
    person: thing("user", ({ commands }) => commands.history.person),
    page: integer(({ commands }) => commands.history.page, { min: 1, max: 9_999 }),
  },
  action: "view",
  visibility: "private",
  needs: [],
  async run(context, { person, page }) {
    await context.reply(await historyPanel(context, person ?? NOBODY, page ?? 1));
  },
  presses: {
    page: async (context, { payload }) => {
      const [page = "", , person = NOBODY] = payload.split(":");
      await context.update(await historyPanel(context, person, Number.parseInt(page, 10) || 1));
    },
  },
});

async function historyPanel(context: CommandContext, person: string, wantedPage: number): Promise<Panel> {
  const { guildId, services, texts } = context;
  const { history } = services.taste;
  const query = { guildId, personId: person === NOBODY ? undefined : person };
  const pages = Math.max(1, Math.ceil((await history.count(query)) / PER_PAGE));
  const page = Math.min(Math.max(1, wantedPage), pages);
  const plays = await history.list({ ...query, skip: (page - 1) * PER_PAGE, limit: PER_PAGE });
  const { taste } = texts;
  return {
    tone: "info",
    title: taste.history,
    lines: plays.length === 0 ? [taste.historyEmpty] : plays.map((play) => row(play, context)),
    ...(person !== NOBODY && { footer: taste.historyOf({ mention: `<@${person}>` }) }),
    ...(pages > 1 && { buttons: pageButtons("history", { page, pages, about: person }, texts) }),
  };
}

function row({ atMs, track, personId, isAutoplay }: PastPlay, { texts: { taste } }: CommandContext): string {
  const person = personId === null ? [] : [`<@${personId}>`];
  return [relativeTime(atMs), songTitle(track), ...(isAutoplay ? [taste.byItself] : person)].join(" · ");
}
