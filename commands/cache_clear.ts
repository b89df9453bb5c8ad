import {
  AppError,
  buttonId,
  type CommandContext,
  defineCommand,
  donePanel,
  integer,
  phrase,
  type Plan,
  profileName,
  type Texts,
  word,
} from "#command";

export const command = defineCommand({
  name: "cache_clear",
  group: "cache",
  description: ({ commands }) => commands.cacheClear.about,
  args: {
    confirm: integer(({ commands }) => commands.cacheClear.confirm, { min: 0, max: 999_999_999 }),
    profile: word(({ commands }) => commands.cacheClear.profile),
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
      const { count: files, bytes: size } = (await planOf(context, profile)).removals;
      const { cache } = context.privateTexts;
      await context.openForm({
        id: buttonId("cache_clear", "confirm", profile),
        title: question(profile, context.privateTexts),
        text: cache.formText({ files, size }),
        // As it must be typed: without anything between its digits.
        fields: [{ name: "count", label: cache.formField({ files: String(files) }), maxLength: 12 }],
      });
    },
    confirm: (context, { payload: profile, fields }) => clear(context, profile, fields["count"] ?? ""),
  },
});

/** What would go; `profile` is the name or the folder of one, empty = everything. */
async function planOf({ services }: CommandContext, profile: string): Promise<Plan> {
  const plan = await services.maintenance.planClear(profile === "" ? {} : { profile });
  if (profile === "" || plan.removals.count > 0) return plan;
  const there = [...new Set(plan.profiles.map(profileName))].toSorted();
  throw new AppError("NO_SUCH_PROFILE", { there: there.join(", ") || phrase("NO_FILES") });
}

function question(profile: string, { cache }: Texts): string {
  return profile === "" ? cache.clearAll : cache.clearProfile({ profile });
}

async function ask(context: CommandContext, profile: string): Promise<void> {
  const { count: files, bytes: size } = (await planOf(context, profile)).removals;
  const { cache } = context.texts;
  if (files === 0) {
    await context.reply({ tone: "done", lines: [cache.emptyAlready] });
    return;
  }
  const prefix = context.prefix ?? "?";
  const only = profile === "" ? "" : ` profile ${profile}`;
  await context.reply({
    tone: "error",
    title: question(profile, context.texts),
    lines: [cache.wouldGo({ files, size }), cache.noWayBack],
    footer: cache.orType({ line: `${prefix}cache_clear confirm ${files}${only}` }),
    buttons: [
      {
        label: profile === "" ? cache.buttons.deleteAll : cache.buttons.deleteThem,
        id: buttonId("cache_clear", "ask", profile),
        style: "danger",
      },
    ],
  });
}

async function clear(context: CommandContext, profile: string, typed: string): Promise<void> {
  const { services, actor, texts } = context;
  const plan = await planOf(context, profile);
  // The number differs each time, so it cannot be typed without having read it.
  if (typed.replaceAll(/\s/gu, "") !== String(plan.removals.count)) throw new AppError("WRONG_NUMBER");
  const report = await services.maintenance.run(plan, actor.id);
  const title = texts.cache.cleared({ files: report.removedFiles });
  await context.update(donePanel(title, report, actor, texts));
}
