import {
  AppError,
  buttonId,
  type CommandContext,
  defineCommand,
  donePanel,
  formatBytes,
  formatCount,
  integer,
  planBytes,
  plural,
} from "#command";

export const command = defineCommand({
  name: "cache_clear",
  description: "Delete the whole cache; asks for the number of tracks first",
  args: { confirm: integer("The number of tracks in the cache", { min: 0, max: 999_999_999 }) },
  action: "cache.clear",
  shownTo: "administrator",
  visibility: "private",
  needs: [],
  async run(context, { confirm }) {
    if (confirm === undefined) await ask(context);
    else await clear(context, String(confirm));
  },
  presses: {
    ask: async (context) => {
      const plan = await context.services.maintenance.plan("clear");
      const count = plan.removals.length;
      await context.openForm({
        id: buttonId("cache_clear", "confirm"),
        title: "Delete the whole cache?",
        text: `${plural(count, "track")} (${formatBytes(planBytes(plan))}) will be deleted. What is playing stays until it ends. This cannot be undone.`,
        field: { label: `Type ${count} to confirm`, maxLength: 12 },
      });
    },
    confirm: (context, { input }) => clear(context, input),
  },
});

async function ask(context: CommandContext): Promise<void> {
  const plan = await context.services.maintenance.plan("clear");
  const count = plan.removals.length;
  if (count === 0) {
    await context.reply({ tone: "done", lines: ["The cache is empty already."] });
    return;
  }
  const prefix = context.services.prefix ?? "?";
  await context.reply({
    tone: "error",
    title: "Delete the whole cache?",
    lines: [
      `**${plural(count, "track")}**, **${formatBytes(planBytes(plan))}**, would be deleted. What is playing stays until it ends.`,
      "Every song would have to be downloaded again. This cannot be undone.",
    ],
    footer: `or type \`${prefix}cache_clear confirm ${count}\``,
    buttons: [{ label: "Delete everything…", id: buttonId("cache_clear", "ask"), style: "danger" }],
  });
}

async function clear(context: CommandContext, typed: string): Promise<void> {
  const { services, actor } = context;
  const plan = await services.maintenance.plan("clear");
  // The number differs each time, so it cannot be typed without having read it.
  if (typed.replaceAll(/\s/gu, "") !== String(plan.removals.length)) throw new AppError("WRONG_NUMBER");
  const report = await services.maintenance.run(plan, actor.id);
  await context.update(
    donePanel(`Cache cleared: ${formatCount(report.removedFiles)} deleted`, report, actor),
  );
}
