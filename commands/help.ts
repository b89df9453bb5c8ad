import {
  AppError,
  buttonId,
  type CommandContext,
  type CommandSummary,
  defineCommand,
  GROUPS,
  optionalText,
  type Panel,
  usageText,
} from "#command";

/** Usage and description of as many fit into a message. */
const PER_PAGE = 12;

export const command = defineCommand({
  name: "help",
  group: "server",
  description: ({ commands }) => commands.help.about,
  args: { command: optionalText(({ commands }) => commands.help.command) },
  action: "view",
  visibility: "private",
  needs: [],
  async run(context, { command: asked }) {
    await context.reply(asked === undefined ? overview(context) : detail(context, asked));
  },
  presses: {
    page: (context, { input }) => context.update(groupPage(context, Number.parseInt(input, 10) || 0)),
  },
});

/** All names, by group; what a command has beside itself stands on the page of its group. */
function overview(context: CommandContext): Panel {
  const { prefix, services, texts } = context;
  const { commands } = services;
  const { help } = texts;
  const lines = GROUPS.flatMap((group) => {
    const names = commands
      .filter((known) => known.group === group && !known.name.includes(" "))
      .map(({ name }) => `\`${name}\``);
    return names.length === 0 ? [] : [`**${help.groups[group]}**`, names.join(" ")];
  });
  const ways = prefix === undefined ? help.slashOnly : help.bothWays({ prefix });
  const footer = `${ways} ${help.more({ line: `${prefix ?? "/"}help play` })}`;
  return { tone: "info", title: help.title, lines, footer, menu: menu(context) };
}

/** What the commands of a group are for. */
function groupPage(context: CommandContext, wanted: number): Panel {
  const pages = pagesOf(context);
  const page = pages[wanted] ?? pages[0];
  if (!page) return overview(context);
  const lines = page.commands.map((known) => line(context, known));
  return { tone: "info", title: page.label, lines, menu: menu(context, page.label) };
}

/** One command with everything that can be said to it. */
function detail(context: CommandContext, asked: string): Panel {
  const { services, prefix = "/", texts } = context;
  const found = find(services.commands, asked);
  if (!found) throw new AppError("NO_SUCH_COMMAND");
  const { name, aliases = [], description, args } = found;
  const parts = services.commands.filter((known) => known.name.startsWith(`${name} `));
  const names = aliases.map((alias) => `\`${prefix}${alias}\``).join(", ");
  const isTyped = context.prefix !== undefined && names !== "";
  return {
    tone: "info",
    title: `${prefix}${name}`,
    lines: [
      description(texts),
      `\`${usageText(found, prefix, texts)}\``,
      ...Object.entries(args).map(([arg, { description: about }]) => `- \`${arg}\` — ${about(texts)}`),
      ...parts.map((known) => line(context, known)),
    ],
    ...(isTyped && { footer: texts.help.alsoAs({ names }) }),
  };
}

function find(commands: readonly CommandSummary[], asked: string): CommandSummary | undefined {
  const wanted = asked
    .toLowerCase()
    .replace(/^[^\p{L}]+/u, "")
    .replaceAll(/\s+/gu, " ");
  return commands.find(({ name, aliases }) => name === wanted || aliases?.includes(wanted));
}

function line({ prefix = "/", texts }: CommandContext, known: CommandSummary): string {
  return `\`${usageText(known, prefix, texts)}\` — ${known.description(texts)}`;
}

interface GroupPage {
  readonly label: string;
  readonly commands: readonly CommandSummary[];
}

/** The groups that have commands; large ones take several pages. */
function pagesOf({ services, texts: { help } }: CommandContext): GroupPage[] {
  return GROUPS.flatMap((group) => {
    const all = services.commands.filter((known) => known.group === group);
    return Array.from({ length: Math.ceil(all.length / PER_PAGE) }, (_page, index) => ({
      label: index === 0 ? help.groups[group] : help.part({ group: help.groups[group], part: index + 1 }),
      commands: all.slice(index * PER_PAGE, (index + 1) * PER_PAGE),
    }));
  });
}

/** The number of the page is its value, so a choice works after a restart too. */
function menu(context: CommandContext, shown?: string): Panel["menu"] & {} {
  const options = pagesOf(context).map(({ label }, index) => ({
    label,
    value: String(index),
    isChosen: label === shown,
  }));
  return { id: buttonId("help", "page"), placeholder: context.texts.help.choose, options };
}
