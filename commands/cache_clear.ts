import {
  AppError,
  buttonId,
  type CommandContext,
  defineCommand,
  donePanel,
  formatBytes,
  formatCount,
  integer,
  type Plan,
  plural,
  profileName,
  word,
} from "#command";

export const command = defineCommand({
  name: "cache_clear",
  description: "Delete the whole cache, or one profile of it; asks for the number of tracks first",
  args: {
    confirm: integer("The number of tracks that would go", { min: 0, max: 999_999_999 }),
    profile: word("Only the files of one sound profile, by its name or its folder"),
  },
  action: "cache.clear",
  shownTo: "administrator",
  visibility: "private",
  needs: [],
  async run(context, { confirm, profile = "" }) {
    if (confirm === undefined) await ask(context, profile);
    else await clear(context, profile, String(confirm));
  },
  presses: {
    ask: async (context, { payload: profile }) => {
      const { count, bytes } = (await planOf(context, profile)).removals;
      await context.openForm({
        id: buttonId("cache_clear", "confirm", profile),
        title: question(profile),
        text: `${plural(count, "track")} (${formatBytes(bytes)}) will be deleted. What is playing stays until it ends. This cannot be undone.`,
        field: { label: `Type ${count} to confirm`, maxLength: 12 },
      });
    },
    confirm: (context, { payload: profile, input }) => clear(context, profile, input),
  },
});

/** What would go; `profile` is the name or the folder of one, empty = everything. */
async function planOf({ services }: CommandContext, profile: string): Promise<Plan> {
  const plan = await services.maintenance.planClear(profile === "" ? {} : { profile });
  if (profile === "" || plan.removals.count > 0) return plan;
  const there = [...new Set(plan.profiles.map(profileName))].toSorted();
  throw new AppError("NO_SUCH_PROFILE", { there: there.join(", ") || "no files at all" });
}

function question(profile: string): string {
  return profile === "" ? "Delete the whole cache?" : `Delete the songs of ${profile}?`;
}

async function ask(context: CommandContext, profile: string): Promise<void> {
  const { count, bytes } = (await planOf(context, profile)).removals;
  if (count === 0) {
    await context.reply({ tone: "done", lines: ["The cache is empty already."] });
    return;
  }
  const prefix = context.services.prefix ?? "?";
  const only = profile === "" ? "" : ` profile ${profile}`;
  await context.reply({
    tone: "error",
    title: question(profile),
    lines: [
      `**${plural(count, "track")}**, **${formatBytes(bytes)}**, would be deleted. What is playing stays until it ends.`,
      "Every song would have to be downloaded again. This cannot be undone.",
    ],
    footer: `or type \`${prefix}cache_clear confirm ${count}${only}\``,
    buttons: [
      {
        label: profile === "" ? "Delete everything…" : "Delete them…",
        id: buttonId("cache_clear", "ask", profile),
        style: "danger",
      },
    ],
  });
}

async function clear(context: CommandContext, profile: string, typed: string): Promise<void> {
  const { services, actor } = context;
  const plan = await planOf(context, profile);
  // The number differs each time, so it cannot be typed without having read it.
  if (typed.replaceAll(/\s/gu, "") !== String(plan.removals.count)) throw new AppError("WRONG_NUMBER");
  const report = await services.maintenance.run(plan, actor.id);
  await context.update(
    donePanel(`Cache cleared: ${formatCount(report.removedFiles)} deleted`, report, actor),
  );
}
