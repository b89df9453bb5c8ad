import {
  choice,
  type CommandContext,
  defineCommand,
  nowPlayingPanel,
  type Panel,
  requireRight,
  requireVoice,
} from "#command";

const MODES = ["track", "queue", "off"] as const;

type Mode = (typeof MODES)[number];

export const command = defineCommand({
  name: "loop",
  group: "queue",
  aliases: ["repeat"],
  description: ({ commands }) => commands.loop.about,
  args: { mode: choice(({ commands }) => commands.loop.mode, MODES) },
  action: "view",
  further: ["queue.control"],
  visibility: "public",
  needs: [],
  async run(context, { mode }) {
    if (mode !== undefined) repeat(context, mode);
    await context.reply(modePanel(context));
  },
  presses: {
    // On the message of the song: its button shows the mode.
    turn: async (context) => {
      const { session, services, publicTexts: texts } = context;
      const { state } = session;
      repeat(context, MODES[(MODES.indexOf(session.loop) + 1) % MODES.length] ?? "off");
      const isHeard = state.status === "playing" || state.status === "paused";
      const view = { session, nowMs: services.clock.nowMs(), texts };
      await context.update(isHeard ? nowPlayingPanel({ ...state, ...view }) : modePanel(context));
    },
  },
});

/** @throws {AppError} `NOT_ALLOWED`, `NOT_IN_VOICE`, `OTHER_VOICE_CHANNEL` */
function repeat(context: CommandContext, mode: Mode): void {
  requireRight(context, "queue.control");
  requireVoice(context);
  context.session.loop = mode;
}

function modePanel({ session, texts }: CommandContext): Panel {
  return { tone: "info", lines: [texts.queue.loop[session.loop]] };
}
