import {
  choice,
  type CommandContext,
  defineCommand,
  integer,
  relativeTime,
  requireRight,
  requireVoice,
  type Texts,
} from "#command";

const MINUTE_MS = 60_000;

export const command = defineCommand({
  name: "sleep",
  group: "play",
  description: ({ commands }) => commands.sleep.about,
  args: {
    minutes: integer(({ commands }) => commands.sleep.minutes, { min: 1, max: 1_440 }),
    instead: choice(({ commands }) => commands.sleep.instead, ["song", "off"]),
  },
  action: "view",
  further: ["queue.control"],
  visibility: "public",
  needs: [],
  async run(context, { minutes, instead }) {
    const { session, services, texts, reply } = context;
    const isAsked = minutes === undefined && instead === undefined;
    if (!isAsked) {
      requireRight(context, "queue.control");
      requireVoice(context);
      if (instead === "off") session.sleep = undefined;
      else if (instead === "song" || minutes === undefined) session.sleep = { after: "song" };
      else session.sleep = { atMs: services.clock.nowMs() + minutes * MINUTE_MS };
    }
    await reply({ tone: isAsked ? "info" : "done", lines: [stateOf(session, texts)] });
  },
});

function stateOf({ sleep }: CommandContext["session"], { songs }: Texts): string {
  if (!sleep) return songs.sleepsNot;
  return "atMs" in sleep ? songs.sleepsAt({ when: relativeTime(sleep.atMs) }) : songs.sleepsAfterSong;
}
